const FOCUSABLE = 'a[href], button:enabled, input:enabled'

/** The element that has the focus, looking into shadow roots. */
export function focusedElement(): HTMLElement | null {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element instanceof HTMLElement ? element : null
}

/**
 * Focus goes round: from behind the last control of `dialog` to its first, and back.
 *
 * Called by the two guards around the dialog's content. The card form between the controls is a foreign iframe whose
 * own tab order the browser walks, so nothing is computed about it here.
 */
export function wrapFocus(dialog: Element, to: 'first' | 'last'): void {
  const controls = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.checkVisibility() && element.closest('[inert]') === null,
  )
  controls.at(to === 'first' ? 0 : -1)?.focus()
}
