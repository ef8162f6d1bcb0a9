import { isModal, type PaywallState } from '../state/paywall-state.js'
import { placeCardNode } from '../stripe/card-node.js'
import { watchConnection } from './connection.js'
import { openOverlay } from './open-overlay.js'

/** What a stage needs from whoever plays on it. */
export interface StageOptions {
  element: HTMLElement
  /** Whether the dialog is a part of the page. */
  isInPlace: () => boolean
  onEscape: () => void
  /** Enter was pressed in a field of the card form. */
  onSubmit: () => void
  onConnection: (isOffline: boolean) => void
}

/** What stands around a dialog while it is open: the card's node, the page out of reach, an ear for the connection. */
export interface Stage {
  /** Where the card form is mounted; there while the dialog is. */
  readonly cardNode: HTMLElement | undefined
  /** Whether the page behind is out of reach. */
  readonly isCovering: boolean
  /** What had the focus before the host. */
  readonly before: HTMLElement | undefined
  /** Sets up, or takes down, what a state needs. Answers what gives the focus back once that is drawn. */
  set(state: PaywallState): (() => void) | undefined
}

/** Makes the stage of one element. */
export function createStage({ element, isInPlace, onEscape, onSubmit, onConnection }: StageOptions): Stage {
  let card: ReturnType<typeof placeCardNode> | undefined
  let uncover: (() => () => void) | undefined
  let before: HTMLElement | undefined
  let stopWatching: (() => void) | undefined

  // Into the element, not within it.
  element.addEventListener('focusin', ({ relatedTarget }) => {
    if (!uncover) before = relatedTarget instanceof HTMLElement ? relatedTarget : undefined
  })

  function clear(): void {
    stopWatching?.()
    stopWatching = undefined
    card?.remove()
    card = undefined
  }

  return {
    get cardNode() {
      return card?.node
    },
    get isCovering() {
      return uncover !== undefined
    },
    get before() {
      return before
    },
    set(state) {
      const isShown = state.step !== 'closed' && element.isConnected
      if (isShown) {
        if (state.step !== 'noticed') card ??= placeCardNode(element, onSubmit)
        stopWatching ??= watchConnection(onConnection)
      }
      let giveBack: (() => void) | undefined
      if (isShown && isModal(state) && !isInPlace())
        uncover ??= openOverlay({ host: element, spare: card ? [card.node] : [], before, onEscape })
      else {
        giveBack = uncover?.()
        uncover = undefined
      }
      if (!isShown) clear()
      return giveBack
    },
  }
}
