import { focusedElement } from './focus.js'

/**
 * Takes the page's modal dialogs, which make everything beside them inert, from above everything else, Stripe's 3-D
 * Secure frame and this overlay among it. They stay open, so that the page may close them as ever.
 *
 * @returns makes those modal again that are still open
 */
export function lowerModals(): () => void {
  // The upper ones, as the one that has the focus, first, and last again: each gives the focus back to what is below.
  const modals = modalsIn(document).sort((one, other) => hasFocus(one) - hasFocus(other))
  const raisers = modals.reverse().map(lower).reverse()
  return () => {
    for (const raise of raisers) raise()
  }
}

function hasFocus(element: Element): number {
  return Number(element.matches(':focus-within'))
}

function modalsIn(root: ParentNode): HTMLDialogElement[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element instanceof HTMLDialogElement && element.matches(':modal') ? [element] : []),
    ...(element.shadowRoot ? modalsIn(element.shadowRoot) : []),
  ])
}

function lower(dialog: HTMLDialogElement): () => void {
  // To the page it has not closed. At the target, too, who captures comes first.
  const stop = (event: Event): void => event.stopImmediatePropagation()
  dialog.addEventListener('close', stop, { capture: true, once: true })
  dialog.close()
  const opener = focusedElement()
  dialog.open = true
  return () => {
    if (!dialog.open || !dialog.isConnected) return
    dialog.open = false
    // The browser gives the focus back to it in the end.
    opener?.focus({ preventScroll: true })
    dialog.showModal()
  }
}
