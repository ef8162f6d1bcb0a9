import { isPurchaseId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import type { Purchase } from '../store.js'
import { payerOf } from '../stripe-gateway.js'

/** No card was charged, and none will be unless somebody confirms it. */
const UNCONFIRMED: ReadonlySet<Stripe.PaymentIntent.Status> = new Set([
  'requires_payment_method',
  'requires_confirmation',
])

/**
 * Cancels a PaymentIntent of ours that no open purchase is about: its purchase was given up and its cancellation failed, or
 * the store lost it. A process that slept through that might still confirm it, for a shortage that is paid by now.
 *
 * @returns whether it is cancelled now; what Stripe does not cancel is left to the next look.
 */
export async function cancelOrphan(
  { settings, gateway }: Pick<Context, 'settings' | 'gateway'>,
  intent: Stripe.PaymentIntent,
): Promise<boolean> {
  const { purchaseId = '' } = intent.metadata
  if (!UNCONFIRMED.has(intent.status) || payerOf(intent, settings) === null || !isPurchaseId(purchaseId))
    return false
  const purchase = await settings.store.purchase(purchaseId)
  if (purchase && isAbout(purchase, intent)) return false
  const cancelled = await gateway.cancelIntent(intent.id)
  return cancelled.type === 'intent' && cancelled.intent.status === 'canceled'
}

/** Whether an open attempt may still confirm it, also one that has not stored its id yet. */
function isAbout({ status, attempt, paymentIntentId }: Purchase, intent: Stripe.PaymentIntent): boolean {
  const isOpen = status !== 'credited' && status !== 'failed'
  return isOpen && String(attempt) === intent.metadata.attempt && (paymentIntentId ?? intent.id) === intent.id
}
