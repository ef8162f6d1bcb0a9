import { focusedElement, restoreFocus } from './focus.js'
import { inertBackground } from './inert-background.js'
import { lockScroll } from './lock-scroll.js'

/** What an open overlay needs from its element. */
export interface OverlayOptions {
  host: HTMLElement
  /** Nodes of the dialog that stand outside the host. */
  spare: readonly Element[]
  onEscape: () => void
}

/**
 * Puts the page behind the dialog out of reach and takes the Escape key.
 *
 * Not `showModal()`: Stripe puts its 3-D Secure frame on the body, and everything outside the top layer would be inert.
 *
 * @returns gives the page back, and the focus to whoever had it
 */
export function openOverlay({ host, spare, onEscape }: OverlayOptions): () => void {
  const opener = focusedElement()
  const undoInert = inertBackground(host, spare)
  const unlock = lockScroll()
  const onKeydown = (event: KeyboardEvent): void => {
    // An input method uses Escape to drop its suggestions.
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    onEscape()
  }
  addEventListener('keydown', onKeydown, { capture: true })
  return () => {
    removeEventListener('keydown', onKeydown, { capture: true })
    unlock()
    undoInert()
    restoreFocus(opener)
  }
}
