/**
 * Registers elements by their tag names. A name that is taken stays with its first owner: two copies on a page are one
 * warning, not an error. Does nothing where there are no elements (Node).
 */
export function register(elements: Readonly<Record<string, CustomElementConstructor>>): void {
  if (typeof customElements === 'undefined') return
  const taken = Object.entries(elements).filter(([name, element]) => {
    const owner = customElements.get(name)
    if (!owner) customElements.define(name, element)
    return owner !== undefined && owner !== element
  })
  if (taken.length > 0)
    console.warn(
      `${taken.map(([name]) => `<${name}>`).join(' and ')}: a second copy was loaded; the first stays.`,
    )
}
