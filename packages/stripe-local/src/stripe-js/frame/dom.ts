/** The element with this id. @throws Error when the page and its script do not belong together. */
export function byId<E extends HTMLElement>(id: string, kind: abstract new () => E): E {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`The frame's page has no ${kind.name} #${id}.`)
}
