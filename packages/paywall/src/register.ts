/**
 * Registers elements by their tag names. A name that is taken stays with its first owner: two copies on a page are one
 * warning, not an error. Does nothing where there are no elements (Node).
 */
export function register(elements: Readonly<Record<string, CustomElementConstructor>>): void {
  if (typeof customElements === 'undefined') return
  let taken = ''
  for (const [name, element] of Object.entries(elements)) {
    const owner = customElements.get(name)
    if (!owner) customElements.define(name, element)
    else if (owner !== element) taken += `<${name}> `
  }
  if (taken) console.warn(`${taken}is defined already: this second copy is not used.`)
}
