import type { Payer, PaymentChoice, PaymentContext } from '@stripe402/client'
import { formatUnits, type PaymentRequired, type PaymentResponse } from '@stripe402/core'
import { topUp } from '../balance/top-up.js'
import { loadBarPart } from '../bar/bar-part.js'
import { ELSEWHERE, STILL_UNKNOWN } from '../bar/notices.js'
import { createPaymentDialog, type PaymentDialog } from '../dialog/payment-dialog.js'
import { originsOf } from '../element-base.js'
import { PaywallErrorEvent } from '../events/error-event.js'
import type { InlinePanel } from '../inline/inline-panel.js'
import { type FollowedLanguage, followLanguage } from '../localization/follow-language.js'
import { amountLocale } from '../localization/locale.js'
import { pageIsFree } from '../overlay/open-overlay.js'
import { createStage } from '../overlay/stage.js'
import { isBusy, isModal, type PaywallState } from '../state/paywall-state.js'
import { createCardSession } from '../stripe/card-session.js'
import { importLoader } from '../stripe/load-stripe.js'
import { type InjectedStripe, stripeSource } from '../stripe/stripe-source.js'
import { createFocusMover } from './focus-after.js'
import { createScreen, type Scene } from './screen.js'

/** What the checkout needs from the element that it works for. */
export interface CheckoutHost {
  element: PayingElement
  root: ShadowRoot
  states: Set<string>
}

/** What of an element's outside the checkout goes by. */
export interface PayingElement extends HTMLElement, InjectedStripe {
  readonly payer: Payer
  readonly events: EventTarget
  readonly origins: string | null
  readonly src: string | null
  readonly confirm: boolean
  readonly mode: string | null
  readonly prompt: string | null
}

/** Everything that asks a person: loaded when there is something to ask. */
export interface Checkout extends Pick<PaymentDialog, 'authenticate' | 'settled' | 'dismiss'> {
  /** Asks the person. `isUnclicked`: whether nobody has clicked for it by now; a bar asks then, where nothing says how. */
  ask(
    challenge: PaymentRequired,
    context: PaymentContext,
    isUnclicked: () => boolean | undefined,
  ): Promise<PaymentChoice | null>
  /** Asks for the resource of an inline paywall with what credit there is; `null`: there is none any more. */
  load(url: string | null): Promise<void>
  /** Buys credit at an origin for its own sake. */
  topUp(origin: string): Promise<PaymentResponse | null>
  /** Asks the person to pay for the resource of an inline paywall; when there is none that is locked, for credit. */
  show(): Promise<unknown>
  /** The person clicked for something that the bar asks for already. */
  open(): unknown
  /** Requests of this page begin, or have ceased, to wait for a payment in another tab. */
  elsewhere(isWaiting: boolean): void
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
  const { src, stripe, loadStripe } = host.element
  // On their way together with the texts.
  if (src !== null) importPanel().catch(() => {})
  if (!stripe && !loadStripe) importLoader().catch(() => {})
  void loadBarPart()
  const language = await followLanguage(host.element, () => checkout.relook())
  const checkout = openCheckout(host, language)
  return checkout
}

const importPanel = (): Promise<typeof import('../inline/inline-panel.js')> =>
  import('../inline/inline-panel.js')

function openCheckout(host: CheckoutHost, language: FollowedLanguage): Checkout & { relook(): void } {
  const { element, root, states } = host
  const { payer, events } = element
  /** Whether the dialog is a part of the page. */
  const isInPlace = (): boolean => element.mode === 'page' && element.src !== null
  let state: PaywallState = { step: 'closed' }
  let panel: InlinePanel | undefined
  let panelLoading: Promise<InlinePanel> | undefined
  /** How many top-ups wait for another tab. */
  let waiting = 0
  let notice: Scene['notice']

  const emit = (event: Event): boolean => element.dispatchEvent(event)
  const buy = (origin: string): Promise<PaymentResponse | null> =>
    topUp(origin, { payer, events, origins: [...originsOf(element), origin] })
  const card = createCardSession({
    node: () => stage.cardNode,
    probe: () => root.querySelector('.palette'),
    language: () => language.tag,
    stripe: stripeSource(element),
    onProgress: (progress) => dialog.dispatch({ type: 'card', card: progress }),
    onEscape() {
      if (!isInPlace()) dialog.dismiss()
    },
    emit,
  })
  const dialog: PaymentDialog = createPaymentDialog({
    show,
    emit,
    card,
    recheck: buy,
    host: element,
  })
  const drawScene = createScreen({
    root,
    language,
    isInPlace,
    dispatch: dialog.dispatch,
    dismiss: dialog.dismiss,
    relook: card.refreshLook,
    reload: dialog.reload,
    recheck: () => void dialog.recheck(),
    money,
    hideNotice() {
      notice = undefined
      draw()
    },
    again() {
      dialog.dismiss()
      void panel?.again().then(panel.unlock)
    },
  })
  const focusMover = createFocusMover(root, isInPlace)
  const stage = createStage({
    element,
    isInPlace,
    onEscape: dialog.dismiss,
    onSubmit: () => root.querySelector('form')?.requestSubmit(),
    onConnection: (isOffline) => dialog.dispatch({ type: 'connection', isOffline }),
  })

  function money(units: number, currency: string): string {
    return formatUnits(units, currency, amountLocale(language.tag, language.locale))
  }

  /** Nobody loses the focus with what had it: it goes where `giveBack` says, to the dialog, or to where it came from. */
  function draw(giveBack?: () => void): void {
    const focused = root.activeElement
    drawScene({ state, panel, notice, isCovering: stage.isCovering })
    if (giveBack) giveBack()
    else if (focused?.isConnected === false)
      (root.querySelector<HTMLElement>('.dialog') ?? stage.before)?.focus({ preventScroll: true })
  }

  function show(next: PaywallState): void {
    const moveFocus = focusMover(state, next)
    state = next
    if (state.step !== 'closed' && notice !== ELSEWHERE) notice = undefined
    const giveBackFocus = stage.set(state)
    draw(giveBackFocus)
    moveFocus()
    states[isModal(state) ? 'add' : 'delete']('open')
    states[isBusy(state) ? 'add' : 'delete']('paying')
  }

  async function tell(next: Scene['notice']): Promise<void> {
    notice = next
    await loadBarPart()
    draw()
  }

  /** Where the request has failed and no dialog says so, the page does. */
  async function buyOrTell(origin: string): Promise<PaymentResponse | null> {
    try {
      return await buy(origin)
    } catch (error) {
      emit(new PaywallErrorEvent(error))
      if (state.step === 'closed') {
        const text = error instanceof TypeError ? 'offline' : 'unavailable'
        await tell(dialog.isUnknown(origin) ? STILL_UNKNOWN : { title: 'failed-title', text, role: 'alert' })
      }
      throw error
    }
  }

  async function loadPanel(): Promise<InlinePanel> {
    const { createInlinePanel } = await importPanel()
    return createInlinePanel({
      element,
      root,
      money,
      speak: language.speak,
      onChange: () => draw(),
    })
  }

  /** `null` when it does not come; the next call tries again. */
  async function openPanel(): Promise<InlinePanel | null> {
    try {
      panelLoading ??= loadPanel()
      panel = await panelLoading
      return panel
    } catch (error) {
      panelLoading = undefined
      emit(new PaywallErrorEvent(error))
      return null
    }
  }

  return {
    async ask(challenge, context, isUnclicked) {
      const { prompt, mode } = element
      const isQuiet = (): boolean =>
        (prompt === null ? mode !== 'page' && isUnclicked() === true : prompt === 'bar') &&
        challenge.accepts[0]?.amount !== 0 &&
        // Its own button was pressed, or the page has said so.
        panel?.step !== 'unlocking'
      // Without the bar, the dialog asks.
      return dialog.ask(challenge, context, isQuiet() && (await loadBarPart()) ? isQuiet : () => false)
    },
    authenticate: dialog.authenticate,
    settled: dialog.settled,
    dismiss: dialog.dismiss,
    topUp: buyOrTell,
    open: () => pageIsFree(element).then(() => dialog.dispatch({ type: 'open' })),
    elsewhere(isWaiting) {
      waiting = Math.max(0, waiting + (isWaiting ? 1 : -1))
      void tell(waiting > 0 ? ELSEWHERE : undefined)
    },
    enter: language.start,
    async load(url) {
      if (url === null) return panel?.clear()
      const opened = await openPanel()
      // The element may be gone, or stand for something else, by now.
      if (!element.isConnected || element.src !== url) return
      await opened?.load(url)
      if (isInPlace()) await opened?.unlock()
    },
    show: () => (panel?.step === 'locked' ? panel.unlock() : buyOrTell(location.origin)),
    relook() {
      draw()
      card.refreshLook()
    },
    leave() {
      language.stop()
      panel?.stop()
      dialog.abandon()
    },
  }
}
