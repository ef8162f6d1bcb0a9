import { isPurchaseId, minorToUnits } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { clientDigest } from '../events.js'
import { emit, reportFault } from '../report.js'
import { payerOf } from '../stripe-gateway.js'
import { type Paid, pending, type Refusal } from './outcome.js'

/**
 * The one way money becomes credit: for the request, the webhook, the sweeper and the reconciler alike.
 *
 * Takes everything from the PaymentIntent, so that a store which lost the purchase still credits the right account;
 * the store credits each PaymentIntent once. What is credited is exactly what was received.
 */
export async function creditIntent(context: Context, intent: Stripe.PaymentIntent): Promise<Paid | Refusal> {
  const clientId = payerOf(intent, context.settings)
  const { purchaseId = '' } = intent.metadata
  if (clientId === null || !isPurchaseId(purchaseId) || intent.status !== 'succeeded') {
    reportFault(context, 'credit', 'a PaymentIntent that is not ours or has not succeeded')
    return pending()
  }
  const account = { clientId, currency: intent.currency }
  const units = minorToUnits(intent.amount_received, intent.currency)
  const credited = await context.settings.store.credit({
    ...account,
    units,
    paymentIntentId: intent.id,
    purchaseId,
  })
  if (credited.type === 'credited')
    emit(context, () => ({
      type: 'charged',
      client: clientDigest(clientId),
      currency: account.currency,
      units,
      paymentIntentId: intent.id,
    }))
  return { type: 'paid', account, paymentIntentId: intent.id, purchaseId }
}
