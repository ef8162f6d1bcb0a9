import type { PaymentChoice, PaymentContext, PaymentOutcome } from '@stripe402/client'
import type { ClientId, NextAction, PaymentRequired } from '@stripe402/core'
import { CloseEvent, type CloseReason } from '../events/close-event.js'
import { PaywallErrorEvent } from '../events/error-event.js'
import { OpenEvent } from '../events/open-event.js'
import { PaidEvent } from '../events/paid-event.js'
import { PaymentRequiredEvent } from '../events/payment-required-event.js'
import { loadKeptCardPart } from '../kept-card/kept-card-part.js'
import { pageIsFree } from '../overlay/open-overlay.js'
import { type Offer, offerFrom } from '../state/offer.js'
import {
  canClose,
  chosenUnits,
  isBusy,
  isShown,
  isUncharged,
  needsNoCard,
  type OpenDialog,
  type PaywallAction,
  type PaywallState,
  reduce,
} from '../state/paywall-state.js'
import { problemOf } from '../state/problem.js'
import type { NamedCard } from '../stripe/card-name.js'
import type { CardSession } from '../stripe/card-session.js'
import { actionForOutcome } from './outcome-action.js'
import { pressPay } from './press-pay.js'
import { createTurns } from './turns.js'

/** What the dialog needs from the element that shows it. */
export interface DialogPort {
  /** Shows the state. Called after every change, before any effect of it. */
  show(state: PaywallState): void
  /** Dispatches an event on the element; `false` when its default was prevented. */
  emit(event: Event): boolean
  /** Asks an origin about a purchase whose outcome it has not told. Resolves when it is over, however it ended. */
  recheck(origin: string): Promise<unknown>
  /** The element: in the document, or nobody can be asked. */
  host: HTMLElement
  card: CardSession
}

/** How long after its time an answer about a pending payment is waited for. */
const SILENCE_MS = 20_000
/** How long after an answer that told nothing the server is asked: it may be coming up again. */
const CHECK_MS = 2_000
/** How long a bank's check takes at most before the person may leave it: Stripe need not tell that it is over. */
const BANK_MS = 60_000

/** Why a dialog is gone that the person has closed; else they have said no. */
const REASONS: Partial<Record<PaywallState['step'], CloseReason>> = {
  paid: 'paid',
  unknown: 'pending',
  failed: 'failed',
}

/** How long a person sees that they have paid, and that their card was not charged. The overlay fades at the end of it. */
const PAID_MS = 2160
const UNCHARGED_MS = 4260

/** One dialog that pays for many requests, one after the other. */
export interface PaymentDialog {
  /**
   * Asks the person, as a {@link Payer} does.
   *
   * @param isQuiet whether nobody has clicked for this yet: then a bar asks, and whoever says no there is not asked again by it
   */
  ask(
    challenge: PaymentRequired,
    context: PaymentContext,
    isQuiet: () => boolean,
  ): Promise<PaymentChoice | null>
  authenticate(nextAction: NextAction, context: PaymentContext): Promise<void>
  settled(outcome: PaymentOutcome, context: PaymentContext): void
  dispatch(action: PaywallAction): void
  /** The person closes the dialog: says no while nothing is in flight, else only puts it away. */
  dismiss(): void
  /** Loads the card form again after it was blocked. */
  reload(): void
  /** Asks about an unknown outcome once more. */
  recheck(): Promise<void>
  /** Whether money may have moved at an origin, as far as anybody has told. */
  isUnknown(origin: string): boolean
  /** Puts the dialog away because its element is gone. */
  abandon(): void
}

/** Creates the dialog behind an element: the state, its effects, and the payer that the client calls. */
export function createPaymentDialog(port: DialogPort): PaymentDialog {
  let state: PaywallState = { step: 'closed' }
  const turns = createTurns()
  let reason: CloseReason = 'cancelled'
  let confirmable: ClientId | undefined
  let answer: (choice: PaymentChoice | null) => void = () => {}
  let isQuietSession = false
  /** The question whether a card is kept, while it is open: the form waits for its answer. */
  let looking: Promise<unknown> | undefined | ''
  /** Ends what only time ends: a silence, and the sight of what was paid. */
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Origin whose purchase is asked about once more: what its client says next is about the open dialog. */
  let rechecked: string | undefined
  /** Leaves the bank's check that is on. */
  let leaveCheck = (): void => {}
  /** Id of the payment whose check the person has left. */
  let left: string | undefined
  /** The card that Pay was pressed for last. */
  let cardOnItsWay: NamedCard | undefined
  const refusedQuietly = new Set<string>()
  /** Origins of payments whose outcome nobody has told. */
  const unknown = new Set<string>()

  function dispatch(action: PaywallAction): void {
    const before = state
    state = reduce(before, action)
    if (state === before) return
    port.show(state)
    if (!isShown(before) && isShown(state)) port.emit(new OpenEvent())
    if (state.step === 'closed') onClosed(before)
    // Another card than the kept one shall be used, or the bar was pressed.
    const isFormDue = action.type === 'keep' || before.step === 'noticed'
    if (state.step === 'choosing') isFormDue ? prepare() : updateCard(state)
    if (state.step === 'paying' && before.step === 'choosing') void pay(state)
  }

  function updateCard(open: Extract<PaywallState, { step: 'choosing' }>): void {
    const units = chosenUnits(open)
    if (units !== null) port.card.setAmount(units)
  }

  function onClosed(before: PaywallState): void {
    clearTimeout(timer)
    port.card.close()
    if (isShown(before)) port.emit(new CloseEvent(reason))
    turns.end()
  }

  async function pay(dialog: OpenDialog): Promise<void> {
    // Removed meanwhile, the element may ask for another payment by the time there is an answer to this one.
    const reply = answer
    const onComplete = (): void => dispatch({ type: 'complete' })
    const pressed = await pressPay(dialog, { ...port, onComplete, clientId: confirmable })
    if (pressed.type === 'chosen') {
      cardOnItsWay = pressed.card
      reply(pressed.choice)
    } else if (reply === answer) dispatch({ type: 'refuse', problem: pressed.problem })
  }

  function close(why: CloseReason): void {
    reason = why
    answer(null)
    dispatch({ type: 'close' })
  }

  async function ask(
    challenge: PaymentRequired,
    context: PaymentContext,
    isQuiet: () => boolean,
  ): Promise<PaymentChoice | null> {
    const offer = offerFrom(challenge, context)
    if (!offer) return null
    if (!turns.isOf(context.id)) {
      if (!port.emit(new PaymentRequiredEvent(challenge, context.origin))) return null
      if (isQuiet() && refusedQuietly.has(context.origin)) return null
      await turns.take(context.id, () => rechecked === context.origin)
      if (!isQuiet()) await pageIsFree(port.host)
      isQuietSession = isQuiet()
      // Nobody waits for this payment any more.
      context.signal.addEventListener('abort', () => {
        if (!turns.isOf(context.id)) return
        if (state.step === 'unknown') void check()
        else if (!isBusy(state)) close('aborted')
      })
    }
    if (context.signal.aborted || !port.host.isConnected) {
      if (state.step === 'closed') turns.end()
      return null
    }
    confirmable = context.clientId
    left = undefined
    const choice = new Promise<PaymentChoice | null>((resolve) => {
      answer = resolve
    })
    // Asked for again: what was not known has come to nothing.
    const isUnpaid = rechecked === context.origin
    const refusal = problemOf(challenge)
    const problem = refusal ?? (isUnpaid ? { kind: 'other-problem' } : undefined)
    dispatch({ type: 'ask', offer, problem, isQuiet: isQuiet() })
    // After a refusal another card is what helps, whatever was wrong.
    void offerCard(context, offer, offer.canKeepCard && !refusal)
    const chosen = await choice
    if (chosen === null && isQuietSession && reason === 'cancelled') refusedQuietly.add(context.origin)
    return chosen
  }

  /** Offers the card that is kept, where there is one; else the form. */
  async function offerCard(context: PaymentContext, offer: Offer, canBeKept: boolean): Promise<void> {
    const asked = canBeKept
      ? loadKeptCardPart().then((part) => part?.findKeptCard(context, offer))
      : undefined
    // For somebody new here there can be none: the form need not wait.
    looking = context.clientId && asked
    prepare()
    const card = await asked
    if (!asked || !turns.isOf(context.id)) return
    looking = undefined
    dispatch({ type: 'keep', change: card ? { saved: card, card: 'ready' } : {} })
  }

  function prepare(): void {
    if (state.step === 'choosing' && !looking && !needsNoCard(state) && !state.saved)
      port.card.prepare(state.offer, chosenUnits(state) ?? state.offer.minTopUp)
  }

  async function authenticate(nextAction: NextAction, context: PaymentContext): Promise<void> {
    if (!turns.isOf(context.id) || state.step === 'closed' || left === context.id) return
    const { publishableKey } = state.offer
    dispatch({ type: 'authenticate', isFree: nextAction.paymentIntentId.startsWith('seti') })
    const late = setTimeout(() => turns.isOf(context.id) && dispatch({ type: 'late' }), BANK_MS)
    const isLeft = new Promise<void>((resolve) => {
      leaveCheck = () => {
        left = context.id
        resolve()
      }
    })
    try {
      await Promise.race([port.card.authenticate(nextAction.clientSecret, publishableKey), isLeft])
    } catch (error) {
      // Whether it worked is the server's to say; it is asked next.
      port.emit(new PaywallErrorEvent(error))
    }
    clearTimeout(late)
    dispatch({ type: 'authenticated' })
    const { aborted } = context.signal
    if (aborted || left === context.id) dispatch({ type: 'pending' })
    // The app has given its request up: nobody else asks what came of it.
    if (aborted) await check()
  }

  function settled(outcome: PaymentOutcome, context: PaymentContext): void {
    if (outcome.type === 'paid') port.emit(new PaidEvent(outcome.receipt))
    if (outcome.type === 'failed') port.emit(new PaywallErrorEvent(new Error(outcome.error)))
    const isFromBalance = state.step !== 'closed' && needsNoCard(state)
    const action = actionForOutcome(outcome, isFromBalance ? null : cardOnItsWay)
    unknown[action.type === 'pending' ? 'add' : 'delete'](context.origin)
    // The person may have put the dialog away while the outcome was unknown.
    if (!turns.isOf(context.id) && rechecked !== context.origin) return
    reason = outcome.type === 'paid' ? 'paid' : 'failed'
    clearTimeout(timer)
    if (outcome.type === 'pending')
      timer = setTimeout(() => dispatch({ type: 'silence' }), outcome.retryAfterMs + SILENCE_MS)
    // The client has stopped asking.
    else if (outcome.type === 'failed' && rechecked === undefined) timer = setTimeout(check, CHECK_MS)
    dispatch(action)
    // Not left to the end of an animation: a page may hide the element, or show the dialog without any.
    if (state.step === 'paid')
      timer = setTimeout(() => dispatch({ type: 'close' }), isUncharged(state) ? UNCHARGED_MS : PAID_MS)
  }

  async function recheck(): Promise<void> {
    if (state.step !== 'unknown' || state.isChecking) return
    dispatch({ type: 'pending' })
    await check()
  }

  async function check(): Promise<void> {
    if (state.step !== 'unknown' || rechecked) return
    rechecked = state.offer.origin
    try {
      await port.recheck(rechecked)
    } catch (error) {
      port.emit(new PaywallErrorEvent(error))
    } finally {
      rechecked = undefined
      dispatch({ type: 'silence' })
    }
  }

  return {
    ask,
    authenticate,
    settled,
    dispatch,
    recheck,
    dismiss() {
      if (!canClose(state)) return
      if (state.step === 'authenticating') leaveCheck()
      else close(REASONS[state.step] ?? 'cancelled')
    },
    reload: prepare,
    isUnknown: (origin) => unknown.has(origin),
    abandon: () => close('aborted'),
  }
}
