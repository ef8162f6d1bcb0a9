import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { describeDecline } from '../decline.js'
import { clientDigest } from '../events.js'
import { emit, reportFault } from '../report.js'
import type { Purchase, PurchaseFailure } from '../store.js'
import { creditIntent } from './credit-intent.js'
import { hasFailedWithAnother } from './other-card.js'
import { type Paid, pending, type Refusal, sellerMisconfigured, unavailable } from './outcome.js'

/** Stripe forgets an idempotency key after 24 hours; well before that we stop to POST and only read. */
const KEY_LIFE_MS = 20 * 3_600_000

/** No card is involved in creating: every other refusal is about this server or its Stripe account, not the payer. */
const AMOUNT_REFUSALS = new Set(['amount_too_small', 'amount_too_large'])
/** What is written down of a purchase that Stripe did not take from this seller. */
const NOT_FROM_SELLER = 'seller_misconfigured'

/**
 * Why somebody looks at a purchase, which decides how far to go while it took no money:
 *
 * - `begin`: this request prepared it.
 * - `resume`: the person asks again about the same purchase. What was left undone is tried once more; if Stripe still
 *   does not say, the purchase is given up, for Stripe keeps a 500 under its key for a day.
 * - `cancel`: cleaning up after somebody who left. A bank check under way may still end well and is left alone.
 * - `replace`: the person chose another card, or somebody tried one at Stripe: bank check or not, it ends.
 */
export type Resolve = 'begin' | 'resume' | 'cancel' | 'replace'

/**
 * Carries a purchase, one step at a time, to where it cannot go further now: paid, refused, or unknown.
 *
 * Two steps at Stripe (create, store the id, confirm) so that a crash between any two of them leaves something that
 * can be read. Each step looks only at the stored purchase and at Stripe's object, so any process may take over.
 */
export async function advancePurchase(
  context: Context,
  purchase: Purchase,
  resolve: Resolve,
): Promise<Paid | Refusal> {
  if (purchase.status === 'failed') return failed(purchase.failure)
  if (purchase.status === 'credited') {
    const { clientId, currency, purchaseId, paymentIntentId } = purchase
    return {
      type: 'paid',
      account: { clientId, currency },
      purchaseId,
      paymentIntentId: paymentIntentId ?? '',
    }
  }
  return purchase.paymentIntentId === null
    ? begin(context, purchase, resolve)
    : resume(context, purchase, purchase.paymentIntentId, resolve)
}

/** `prepared`: no PaymentIntent is known. Nothing can have moved: an intent that we never confirmed takes no money. */
async function begin(context: Context, purchase: Purchase, resolve: Resolve): Promise<Paid | Refusal> {
  const { gateway, settings } = context
  if (resolve === 'cancel' || resolve === 'replace' || isKeyStale(purchase)) return giveUp(context, purchase)
  const created = await gateway.createIntent(purchase)
  if (created.type === 'refused' && AMOUNT_REFUSALS.has(created.code))
    return fail(context, purchase, { error: 'payment_failed', declineCode: created.code })
  if (created.type === 'refused') {
    reportFault(context, 'creating a payment, which Stripe refuses', created.cause)
    return fail(context, purchase, { error: 'payment_failed', declineCode: NOT_FROM_SELLER })
  }
  if (created.type === 'unreachable') {
    reportFault(context, 'creating a payment, which Stripe does not permit', created.cause)
    return sellerMisconfigured()
  }
  if (created.type === 'unknown')
    return resolve === 'resume'
      ? giveUp(context, purchase)
      : unavailableBecause(context, 'createIntent', created.cause)
  const saved = await settings.store.saveIntent(purchase, created.intent.id)
  const isOurs = saved.attempt === purchase.attempt && saved.paymentIntentId === created.intent.id
  if (isOurs && saved.status === 'intent_saved') return confirm(context, saved, created.intent, resolve)
  if (isOurs) return advancePurchase(context, saved, 'cancel')
  // Somebody gave this attempt up while we were at Stripe. Poison what we made, then answer for what is there.
  return poison(context, purchase, created.intent)
}

async function resume(
  context: Context,
  purchase: Purchase,
  id: string,
  resolve: Resolve,
): Promise<Paid | Refusal> {
  const read = await context.gateway.retrieveIntent(id)
  if (read.type === 'intent') return conclude(context, purchase, read.intent, resolve)
  return pendingBecause(context, purchase, read)
}

async function confirm(
  context: Context,
  purchase: Purchase,
  intent: Stripe.PaymentIntent,
  resolve: Resolve,
): Promise<Paid | Refusal> {
  const confirmed = await context.gateway.confirmIntent(purchase, intent.id)
  if (confirmed.type === 'intent') return conclude(context, purchase, confirmed.intent, 'cancel')
  if (confirmed.type === 'unknown' && resolve === 'resume') return poison(context, purchase, intent)
  if (confirmed.type !== 'refused') return pendingBecause(context, purchase, confirmed)
  // A refusal without the object still does not say where the intent stands; only its status does.
  const read = await context.gateway.retrieveIntent(intent.id)
  if (read.type !== 'intent') return pendingBecause(context, purchase, read)
  return conclude(context, purchase, read.intent, 'cancel', confirmed.code)
}

/** Judges by Stripe's object alone. */
async function conclude(
  context: Context,
  purchase: Purchase,
  intent: Stripe.PaymentIntent,
  resolve: Resolve,
  refusedWith?: string,
): Promise<Paid | Refusal> {
  switch (intent.status) {
    case 'succeeded':
      return creditIntent(context, intent, purchase)
    case 'canceled':
      return fail(context, purchase, failureOf(intent, refusedWith))
    case 'requires_action':
      return resolve === 'replace' ||
        (resolve === 'cancel' && isKeyStale(purchase)) ||
        (await hasFailedWithAnother(context, intent))
        ? poison(context, purchase, intent, refusedWith)
        : askPerson(context, purchase, intent)
    case 'requires_confirmation':
    case 'requires_payment_method':
      // Without an error it was never confirmed, as far as Stripe says; with one it was declined or failed its check.
      return resolve === 'resume' && !intent.last_payment_error && !isKeyStale(purchase)
        ? confirm(context, purchase, intent, resolve)
        : poison(context, purchase, intent, refusedWith)
    default:
      // `processing`, `requires_capture` and whatever Stripe adds: not ours to judge yet.
      return pendingFor(context, purchase)
  }
}

/** Cancels before calling it failed, so that it cannot succeed later. */
async function poison(
  context: Context,
  purchase: Purchase,
  intent: Stripe.PaymentIntent,
  refusedWith?: string,
): Promise<Paid | Refusal> {
  const cancelled = await context.gateway.cancelIntent(intent.id)
  if (cancelled.type === 'intent' && cancelled.intent.status === 'canceled')
    return fail(context, purchase, failureOf(intent, refusedWith))
  if (cancelled.type === 'intent' && cancelled.intent.status === 'succeeded')
    return creditIntent(context, cancelled.intent, purchase)
  return pendingFor(context, purchase)
}

async function askPerson(
  context: Context,
  purchase: Purchase,
  intent: Stripe.PaymentIntent,
): Promise<Refusal> {
  const { purchaseId, clientId, currency, units } = purchase
  if (purchase.status !== 'requires_action') {
    await context.settings.store.awaitAction(purchase)
    emit(context, () => ({
      type: 'authentication_required',
      client: clientDigest(clientId),
      currency,
      units,
    }))
  }
  return {
    type: 'refused',
    error: 'authentication_required',
    message: 'Your bank wants to confirm that it is you.',
    nextAction: {
      type: 'use_stripe_sdk',
      paymentIntentId: intent.id,
      clientSecret: intent.client_secret ?? '',
      purchaseId,
    },
  }
}

/** No PaymentIntent is known: looks for one, poisons it if there is, and closes the purchase. */
async function giveUp(context: Context, purchase: Purchase): Promise<Paid | Refusal> {
  const search = await context.gateway.findIntent(purchase)
  if (search.type === 'unknown') return unavailableBecause(context, 'findIntent', search.cause)
  return search.intent
    ? conclude(context, purchase, search.intent, 'replace')
    : fail(context, purchase, { error: 'payment_failed', declineCode: 'processing_error' })
}

async function fail(context: Context, purchase: Purchase, failure: PurchaseFailure): Promise<Paid | Refusal> {
  const { clientId, currency, units } = purchase
  const closed = await context.settings.store.failTopUp(purchase, failure)
  if (closed.status === 'credited') return advancePurchase(context, closed, 'cancel')
  // Somebody carried this attempt on after we had looked: with a PaymentIntent of which nothing is known here.
  const isOpen = closed.status !== 'failed' && closed.attempt === purchase.attempt
  if (isOpen) return pendingFor(context, closed)
  emit(context, () => ({
    type: 'declined',
    client: clientDigest(clientId),
    currency,
    units,
    code: failure.declineCode ?? failure.error,
  }))
  return failed(failure)
}

function failed(failure: PurchaseFailure | null): Refusal {
  if (failure?.declineCode === NOT_FROM_SELLER) return sellerMisconfigured()
  const { message, code, advice } = describeDecline(failure?.declineCode)
  return {
    type: 'refused',
    error: failure?.error === 'card_declined' ? 'card_declined' : 'payment_failed',
    message:
      failure?.error === 'card_declined' || failure?.declineCode
        ? message
        : 'The payment did not go through. Nothing was charged; try again.',
    decline: { code, advice },
  }
}

function failureOf(intent: Stripe.PaymentIntent, refusedWith: string | undefined): PurchaseFailure {
  const error = intent.last_payment_error
  if (error?.code === 'payment_intent_authentication_failure')
    return { error: 'payment_failed', declineCode: 'authentication_failed' }
  if (error?.type === 'card_error')
    return { error: 'card_declined', declineCode: error.decline_code ?? error.code }
  return {
    error: 'payment_failed',
    declineCode: refusedWith === undefined ? 'processing_error' : 'card_not_usable',
  }
}

/** Counted from the last step: a key is first used after the step before it was written, of this attempt. */
function isKeyStale(purchase: Purchase): boolean {
  return purchase.nowMs - purchase.updatedAtMs > KEY_LIFE_MS
}

function unavailableBecause(context: Context, where: string, cause: unknown): Refusal {
  reportFault(context, where, cause)
  return unavailable()
}

function pendingBecause(
  context: Context,
  purchase: Purchase,
  outcome: { type: string; cause?: unknown },
): Refusal {
  reportFault(context, 'payment intent', outcome.cause ?? outcome.type)
  return pendingFor(context, purchase)
}

function pendingFor(context: Context, { clientId, currency, units }: Purchase): Refusal {
  emit(context, () => ({ type: 'pending', client: clientDigest(clientId), currency, units }))
  return pending()
}
