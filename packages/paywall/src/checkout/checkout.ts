import type { Payer } from '@stripe402/client'
import type { PaymentResponse } from '@stripe402/core'
import { topUp } from '../balance/top-up.js'
import { createPaymentDialog, type PaymentDialog } from '../dialog/payment-dialog.js'
import { createInlineContent } from '../inline/inline-content.js'
import type { InlineState } from '../inline/inline-state.js'
import { type FollowedLanguage, followLanguage } from '../localization/follow-language.js'
import { createStage } from '../overlay/stage.js'
import { isModal, type PaywallState } from '../state/paywall-state.js'
import { createCardSession } from '../stripe/card-session.js'
import { type InjectedStripe, stripeSource } from '../stripe/stripe-source.js'
import { focusAfter } from './focus-after.js'
import { createScreen } from './screen.js'

/** What the checkout needs from the element that it works for. */
export interface CheckoutHost {
  element: HTMLElement & InjectedStripe
  root: ShadowRoot
  /** The element's own children, in the shadow root. */
  page: HTMLElement
  states: Set<string>
  payer: Payer
  events: EventTarget
  origins: () => readonly string[]
  /** Whether the dialog is a part of the page (`mode="page"`). */
  isInPlace: () => boolean
}

/** Everything that asks a person: loaded when there is something to ask. */
export interface Checkout extends Pick<PaymentDialog, 'ask' | 'authenticate' | 'settled' | 'dismiss'> {
  /** Asks for the resource of an inline paywall with what credit there is; `null`: there is none any more. */
  load(url: string | null): Promise<void>
  /** Buys credit at an origin for its own sake. */
  topUp(origin: string): Promise<PaymentResponse | null>
  /** Asks the person to pay for the resource of an inline paywall; when there is none that is locked, for credit. */
  show(): Promise<unknown>
  /** The person clicked for something that the bar asks for already. */
  open(): void
  /** The element is in the document again. */
  enter(): void
  /** The element has left the document. */
  leave(): void
}

/**
 * Makes the checkout of one element, once there is a language to speak.
 *
 * @throws TypeError when no texts can be loaded
 */
export async function createCheckout(host: CheckoutHost): Promise<Checkout> {
  const language = await followLanguage(host.element, () => checkout.relook())
  const checkout = openCheckout(host, language)
  return checkout
}

function openCheckout(host: CheckoutHost, language: FollowedLanguage): Checkout & { relook(): void } {
  const { element, root, states, payer, events, origins, isInPlace } = host
  let state: PaywallState = { step: 'closed' }
  let inlineState: InlineState | undefined

  const emit = (event: Event): boolean => element.dispatchEvent(event)
  const buy = (origin: string): Promise<PaymentResponse | null> =>
    topUp(origin, { payer, events, origins: origins() })
  const card = createCardSession({
    node: () => stage.cardNode,
    probe: () => root.querySelector('.palette'),
    language: () => language.tag,
    stripe: stripeSource(element),
    onProgress: (progress) => dialog.dispatch({ type: 'card', card: progress }),
    onEscape: () => dialog.dismiss(),
    emit,
  })
  const dialog: PaymentDialog = createPaymentDialog({ show, emit, card, recheck: buy })
  const drawScene = createScreen({
    ...host,
    language,
    dispatch: dialog.dispatch,
    dismiss: dialog.dismiss,
    relook: card.refreshLook,
    reload: dialog.reload,
    recheck: () => void dialog.recheck(),
    unlock: () => void inline.unlock(),
    again() {
      dialog.dismiss()
      void inline.again().then(inline.unlock)
    },
  })
  const stage = createStage({
    element,
    isInPlace,
    onEscape: dialog.dismiss,
    onConnection: (isOffline) => dialog.dispatch({ type: 'connection', isOffline }),
  })
  const inline = createInlineContent({
    payer,
    events,
    origins,
    emit,
    show(next) {
      inlineState = next
      draw()
    },
    replace: (content) => replaceTeaser(element, content),
  })

  function draw(): void {
    drawScene({ state, inline: inlineState, isCovering: stage.isCovering })
  }

  function show(next: PaywallState): void {
    const focusNext = focusAfter(state, next, isInPlace())
    state = next
    stage.set(state)
    draw()
    if (focusNext) root.querySelector<HTMLElement>(focusNext)?.focus({ preventScroll: true })
    states[isModal(state) ? 'add' : 'delete']('open')
    states[state.step === 'paying' || state.step === 'authenticating' ? 'add' : 'delete']('paying')
  }

  return {
    ask: dialog.ask,
    authenticate: dialog.authenticate,
    settled: dialog.settled,
    dismiss: dialog.dismiss,
    topUp: buy,
    open: () => dialog.dispatch({ type: 'open' }),
    enter: language.start,
    async load(url) {
      if (url === null) {
        inline.stop()
        inlineState = undefined
        return draw()
      }
      await inline.load(url)
      if (isInPlace()) await inline.unlock()
    },
    show: () => (inlineState?.step === 'locked' ? inline.unlock() : buy(location.origin)),
    relook() {
      draw()
      card.refreshLook()
    },
    leave() {
      language.stop()
      inline.stop()
      dialog.abandon()
    },
  }
}

function replaceTeaser(element: HTMLElement, content: Node): void {
  for (const child of [...element.childNodes]) if (!hasSlot(child)) child.remove()
  element.prepend(content)
}

/** The card form, a slot that brings it into the dialog of a host in a shadow root, the hint: they outlive the teaser. */
function hasSlot(node: Node): boolean {
  return node instanceof HTMLElement && node.slot !== ''
}
