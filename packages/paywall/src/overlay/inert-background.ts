/**
 * Makes everything beside `host` inert: its siblings, its ancestors' siblings, and so on up to the document, through
 * shadow roots. Elements that come later (Stripe puts its 3-D Secure frame on the body) stay usable.
 *
 * @param spare elements that belong to the dialog although they stand elsewhere
 * @returns undoes it, leaving alone what was inert before
 */
export function inertBackground(host: Element, spare: readonly Element[] = []): () => void {
  const changed: HTMLElement[] = []
  for (let node: Element | null = host; node && node !== document.documentElement; node = parentOf(node)) {
    for (const sibling of siblingsOf(node)) {
      if (sibling.inert || spare.some((element) => sibling.contains(element))) continue
      sibling.inert = true
      changed.push(sibling)
    }
  }
  return () => {
    for (const element of changed) element.inert = false
  }
}

function parentOf({ assignedSlot, parentElement, parentNode }: Element): Element | null {
  return assignedSlot ?? (parentNode instanceof ShadowRoot ? parentNode.host : parentElement)
}

function siblingsOf(node: Element): HTMLElement[] {
  return [...(node.parentNode?.children ?? [])].filter(
    (element): element is HTMLElement => element instanceof HTMLElement && element !== node,
  )
}
