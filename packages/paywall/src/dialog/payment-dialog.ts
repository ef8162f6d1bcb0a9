import type { Payer, PaymentChoice, PaymentContext, PaymentOutcome } from '@stripe402/client'
import type { ClientId, NextAction, PaymentRequired } from '@stripe402/core'
import { CloseEvent, type CloseReason } from '../events/close-event.js'
import { PaywallErrorEvent } from '../events/error-event.js'
import { OpenEvent } from '../events/open-event.js'
import { PaidEvent } from '../events/paid-event.js'
import { PaymentRequiredEvent } from '../events/payment-required-event.js'
import { offerFrom } from '../state/offer.js'
import {
  canClose,
  chosenUnits,
  needsNoCard,
  type PaywallAction,
  type PaywallState,
  reduce,
} from '../state/paywall-state.js'
import { type Problem, problemOf } from '../state/problem.js'
import type { CardSession } from '../stripe/card-session.js'
import { actionForOutcome } from './outcome-action.js'

/** What the dialog needs from the element that shows it. */
export interface DialogPort {
  /** Shows the state. Called after every change, before any effect of it. */
  show(state: PaywallState): void
  /** Dispatches an event on the element; `false` when its default was prevented. */
  emit(event: Event): boolean
  card: CardSession
}

/** One dialog that pays for many requests, one after the other. */
export interface PaymentDialog {
  readonly payer: Payer
  dispatch(action: PaywallAction): void
  /** The person closes the dialog: says no while nothing is in flight, else only puts it away. */
  dismiss(): void
  /** Loads the card form again after it was blocked. */
  reload(): void
  /** Puts the dialog away because its element is gone. */
  abandon(): void
}

/** Creates the dialog behind an element: the state, its effects, and the payer that the client calls. */
export function createPaymentDialog(port: DialogPort): PaymentDialog {
  let state: PaywallState = { step: 'closed' }
  let session: string | undefined
  let reason: CloseReason = 'cancelled'
  let confirmable: ClientId | undefined
  let answer: (choice: PaymentChoice | null) => void = () => {}
  const waiting: Array<() => void> = []

  function dispatch(action: PaywallAction): void {
    const before = state
    state = reduce(before, action)
    if (state === before) return
    port.show(state)
    if (before.step === 'closed' && state.step !== 'closed') port.emit(new OpenEvent())
    if (state.step === 'closed') onClosed()
    if (state.step === 'choosing') updateCard(state)
    if (state.step === 'paying' && before.step === 'choosing') void pay()
  }

  function updateCard(open: Extract<PaywallState, { step: 'choosing' }>): void {
    const units = chosenUnits(open)
    if (units !== null) port.card.setAmount(units)
  }

  function onClosed(): void {
    port.card.close()
    port.emit(new CloseEvent(reason))
    next()
  }

  function next(): void {
    session = undefined
    waiting.shift()?.()
  }

  async function pay(): Promise<void> {
    if (state.step !== 'paying') return
    const units = chosenUnits(state)
    const { currency } = state.offer
    if (needsNoCard(state)) return answer(confirmable ? { clientId: confirmable, currency } : null)
    try {
      const card = await port.card.createPaymentMethod()
      if (card.ok && units !== null)
        answer({ paymentMethodId: card.paymentMethodId, topUpAmount: units, currency })
      else dispatch({ type: 'refuse', problem: cardProblem(card) })
    } catch (error) {
      port.emit(new PaywallErrorEvent(error))
      dispatch({ type: 'refuse', problem: { kind: 'other' } })
    }
  }

  function close(why: CloseReason): void {
    reason = why
    answer(null)
    dispatch({ type: 'close' })
  }

  async function turn(context: PaymentContext): Promise<void> {
    while (session !== undefined && session !== context.id)
      await new Promise<void>((resolve) => waiting.push(resolve))
    session = context.id
  }

  async function ask(challenge: PaymentRequired, context: PaymentContext): Promise<PaymentChoice | null> {
    const offer = offerFrom(challenge, { ...context, isConfirmation: context.reason === 'confirm' })
    if (!offer) return null
    if (session !== context.id) {
      if (!port.emit(new PaymentRequiredEvent(challenge, context.origin))) return null
      await turn(context)
      context.signal.addEventListener('abort', () => abort(context), { once: true })
    }
    if (context.signal.aborted) return release(context)
    confirmable = context.clientId
    const choice = new Promise<PaymentChoice | null>((resolve) => {
      answer = resolve
    })
    dispatch({ type: 'ask', offer, problem: problemOf(challenge) })
    prepare()
    return choice
  }

  /** Nobody waits for this payment any more. */
  function abort(context: PaymentContext): void {
    if (session === context.id && canClose(state)) close('aborted')
  }

  function release(context: PaymentContext): null {
    if (session === context.id && state.step === 'closed') next()
    return null
  }

  function prepare(): void {
    if (state.step === 'choosing' && !needsNoCard(state))
      port.card.prepare(state.offer, chosenUnits(state) ?? state.offer.minTopUp)
  }

  async function authenticate(nextAction: NextAction, context: PaymentContext): Promise<void> {
    if (session !== context.id) return
    dispatch({ type: 'authenticate' })
    try {
      await port.card.authenticate(nextAction.clientSecret)
    } catch (error) {
      // Whether it worked is the server's to say; it is asked next.
      port.emit(new PaywallErrorEvent(error))
    }
    dispatch({ type: 'authenticated' })
  }

  const payer: Payer = Object.assign(ask, {
    authenticate,
    settled(outcome: PaymentOutcome, context: PaymentContext): void {
      if (outcome.type === 'paid') port.emit(new PaidEvent(outcome.receipt))
      if (outcome.type === 'failed') port.emit(new PaywallErrorEvent(new Error(outcome.error)))
      // The person may have put the dialog away while the outcome was unknown.
      if (session !== context.id) return
      reason = outcome.type === 'paid' ? 'paid' : 'failed'
      dispatch(actionForOutcome(outcome))
    },
  })

  return {
    payer,
    dispatch,
    dismiss() {
      if (canClose(state)) close(state.step === 'choosing' ? 'cancelled' : 'failed')
    },
    reload: prepare,
    abandon: () => close('aborted'),
  }
}

function cardProblem(card: Awaited<ReturnType<CardSession['createPaymentMethod']>>): Problem | undefined {
  return !card.ok && card.reason === 'refused' ? { kind: 'card', message: card.message } : undefined
}
