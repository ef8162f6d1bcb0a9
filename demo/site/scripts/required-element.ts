/**
 * The element of a page's own HTML.
 *
 * @throws Error when the page and its script do not fit together.
 */
export function requiredElement<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`The page has no ${type.name} with the id "${id}".`)
}
