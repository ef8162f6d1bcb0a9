/** `HTMLElement`, or an empty class where there is no document, so that the elements can be imported in Node. */
export const ElementBase: typeof HTMLElement = Reflect.get(globalThis, 'HTMLElement') ?? class {}

/**
 * Gives a class properties that stand for attributes of the same name. A string is `null` without its attribute; `null`,
 * `undefined` and `false` remove it.
 */
export function reflectAttributes(
  prototype: HTMLElement,
  strings: readonly string[],
  booleans: readonly string[] = [],
): void {
  for (const name of [...strings, ...booleans])
    Object.defineProperty(prototype, name, {
      get(this: HTMLElement): string | boolean | null {
        return booleans.includes(name) ? this.hasAttribute(name) : this.getAttribute(name)
      },
      set(this: HTMLElement, value: unknown) {
        if ((value ?? false) === false) this.removeAttribute(name)
        else this.setAttribute(name, value === true ? '' : String(value))
      },
    })
}

/** Hands properties that were set before an element was upgraded, and hide the class's own, to the class. */
export function takeOverProperties(element: HTMLElement): void {
  for (const name of Object.keys(element)) {
    if (!(name in Object.getPrototypeOf(element))) continue
    const value: unknown = Reflect.get(element, name)
    Reflect.deleteProperty(element, name)
    Reflect.set(element, name, value)
  }
}

/** Lets `<button commandfor="…" command="--top-up">` open the top-up of an element. */
export function topUpOnCommand(element: HTMLElement & { topUp(): Promise<unknown> }): void {
  element.addEventListener('command', (event) => {
    if (Reflect.get(event, 'command') === '--top-up') element.topUp().catch(() => {})
  })
}

/** The origins that an `origins` attribute names. */
export function originsOf({ origins }: { readonly origins: string | null }): string[] {
  return origins?.match(/\S+/g) ?? []
}
