/** Puts the paid content in the place of an element's own children. */
export function replaceTeaser(element: HTMLElement, content: Node): void {
  // The panel, or the form in its place, had the focus, and goes.
  const hadFocus = element.shadowRoot?.querySelector(':is(.lock, .in-place):focus-within')
  const first = content instanceof DocumentFragment ? content.firstElementChild : content
  for (const child of [...element.childNodes]) if (!hasSlot(child)) child.remove()
  element.prepend(content)
  if (!hadFocus || !(first instanceof HTMLElement)) return
  first.tabIndex = -1
  first.focus({ preventScroll: true })
}

/** The card form, a slot that brings it into the dialog of a host in a shadow root, the hint: they outlive the teaser. */
function hasSlot(node: Node): boolean {
  return node instanceof HTMLElement && node.slot !== ''
}
