import { isPurchaseId, minorToUnits, type PurchaseId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { clientDigest } from '../events.js'
import { cardIn, isHoldersCard, rememberPayer } from '../proof/payer-card.js'
import { emit, reportFault } from '../report.js'
import { keepCardOf } from '../saved-card/keep-card.js'
import type { Credit, Purchase } from '../store.js'
import { payerOf } from '../stripe-gateway.js'
import { type Paid, pending, type Refusal } from './outcome.js'

/** What became of it: `changed` if the account was not told before; `foreign` for what none of our issuers made. */
export type Recorded = 'changed' | 'unchanged' | 'foreign'

/**
 * The one way money becomes credit: for the request, the webhook, the sweeper and the reconciler alike.
 *
 * Takes everything from the PaymentIntent, so that a store which lost the purchase still credits the right account;
 * the store credits each PaymentIntent once. What is credited is exactly what was received, whoever paid it. The purchase only
 * spares a question to Stripe.
 */
export async function creditIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  purchase: Purchase | null,
): Promise<Paid | Refusal> {
  const payment = paymentOf(context, intent)
  if (payment === null) {
    reportFault(context, 'credit', 'a PaymentIntent that is not ours or has not succeeded')
    return pending()
  }
  const { clientId, currency, paymentIntentId, purchaseId } = payment
  const account = { clientId, currency }
  const isHolders = await isHoldersCard(context, intent, { account, purchase })
  // Before the credit: a second tab with this card is to find the card known once it finds the credit.
  if (isHolders !== null) {
    const paymentMethodId = cardIn(intent)?.paymentMethodId
    await rememberPayer(context, { account, paymentIntentId }, { isHolders, paymentMethodId })
  }
  // Also before: whoever finishes an open purchase does this as well, and after a crash somebody will.
  const isKept = await keepCardOf(context, clientId, intent)
  await record(context, payment)
  const holders = isHolders !== null && { isHolders }
  return { type: 'paid', account, paymentIntentId, purchaseId, isKept, ...holders }
}

/** The same for whoever looks at every PaymentIntent there is: others' and unfinished ones are no fault. */
export async function recordPayment(context: Context, intent: Stripe.PaymentIntent): Promise<Recorded> {
  const payment = paymentOf(context, intent)
  if (payment === null) return 'foreign'
  const recorded = await record(context, payment)
  // A store that did not know the payment does not know the card.
  if (recorded === 'changed') await keepCardOf(context, payment.clientId, intent)
  return recorded
}

/** What a PaymentIntent brought to one of our accounts; null when it is not ours, or brought nothing so far. */
export function paymentOf(
  { settings }: Pick<Context, 'settings'>,
  intent: Stripe.PaymentIntent,
): (Credit & { purchaseId: PurchaseId }) | null {
  const clientId = payerOf(intent, settings)
  const { purchaseId = '' } = intent.metadata
  if (clientId === null || !isPurchaseId(purchaseId) || intent.status !== 'succeeded') return null
  const { id: paymentIntentId, currency } = intent
  return {
    clientId,
    currency,
    paymentIntentId,
    purchaseId,
    units: minorToUnits(intent.amount_received, currency),
  }
}

async function record(context: Context, payment: Credit): Promise<'changed' | 'unchanged'> {
  const credited = await context.settings.store.credit(payment)
  if (credited.type === 'already_credited') return 'unchanged'
  const { clientId, currency, units, paymentIntentId } = payment
  emit(context, () => ({ type: 'charged', client: clientDigest(clientId), currency, units, paymentIntentId }))
  return 'changed'
}
