/** Name of the slot that shows the card form inside the dialog. */
const CARD_SLOT = 'card'

let count = 0

/**
 * Appends the node that Stripe's iframe is mounted in: a light-DOM child of the host, shown by its `card` slot.
 *
 * Stripe.js refuses a shadow root. When the host stands in one, the node goes into the document, as a child of the
 * outermost enclosing host, and one forwarding `<slot>` per shadow root brings it down into the dialog.
 *
 * It is a form, because Enter in Stripe's fields submits the closest one, which would be the page's.
 *
 * @returns the node, and the undo of everything that was added
 */
export function placeCardNode(
  host: HTMLElement,
  onSubmit: () => void,
): { node: HTMLElement; remove: () => void } {
  const added: Element[] = []
  let holder: Element = host
  let slotName = CARD_SLOT
  for (let root = host.getRootNode(); root instanceof ShadowRoot; root = holder.getRootNode()) {
    const forward = document.createElement('slot')
    forward.slot = slotName
    slotName = `stripe402-card-${++count}`
    forward.name = slotName
    holder.append(forward)
    added.push(forward)
    holder = root.host
  }
  const node = document.createElement('form')
  // Not as the page's forms look.
  node.style.cssText = 'all:unset;display:block'
  node.onsubmit = (event) => {
    event.preventDefault()
    onSubmit()
  }
  node.slot = slotName
  holder.append(node)
  added.push(node)
  // Where a root assigns its slots by hand, names say nothing; elsewhere this changes nothing.
  for (const [index, slot] of added.entries())
    if (slot instanceof HTMLSlotElement) slot.assign(added[index + 1] ?? node)
  return {
    node,
    remove() {
      for (const element of added) element.remove()
    },
  }
}
