import { focusedElement } from './focus.js'
import { inertBackground } from './inert-background.js'
import { lockScroll } from './lock-scroll.js'
import { lowerModals } from './lower-modals.js'

/** What an open overlay needs from its element. */
export interface OverlayOptions {
  host: HTMLElement
  /** Nodes of the dialog that stand outside the host. */
  spare: readonly Element[]
  /** What had the focus before the host: a bar of the host's own opens the dialog, and is gone then. */
  before: HTMLElement | undefined
  onEscape: () => void
}

/** Whose overlay covers the page. Two would put each other out of reach. */
let coveredBy: HTMLElement | undefined
const waiting: Array<() => void> = []

/** Resolves when no overlay of another element covers the page. */
export async function pageIsFree(host: HTMLElement): Promise<void> {
  while (coveredBy && coveredBy !== host) await new Promise<void>((resolve) => waiting.push(resolve))
}

/**
 * Puts the page behind the dialog out of reach, a modal dialog or a full screen of its own too, and takes the Escape key.
 *
 * Not `showModal()`: Stripe puts its 3-D Secure frame on the body, and everything outside the top layer would be inert.
 *
 * @returns gives the page back, and answers what gives the focus to whoever had it, once that is in reach
 */
export function openOverlay({ host, spare, before, onEscape }: OverlayOptions): () => () => void {
  const opener = focusedElement()
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
  const raiseModals = lowerModals()
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
  coveredBy = host
  return () => {
    coveredBy = undefined
    for (const goOn of waiting.splice(0)) goOn()
    removeEventListener('keydown', onKeydown, { capture: true })
    unlock()
    undoInert()
    raiseModals()
    return () => {
      // Nothing happens when it is gone, or the body.
      opener?.focus({ preventScroll: true })
      if (focusedElement() !== opener) before?.focus({ preventScroll: true })
    }
  }
}
