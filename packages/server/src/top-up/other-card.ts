import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { cardIn } from '../proof/payer-card.js'
import { reportFault } from '../report.js'

/** Whether an intent is about another card by now than the one that was tried before; of one that nobody names, it is. */
export function isOtherCard(
  intent: Pick<Stripe.PaymentIntent | Stripe.SetupIntent, 'payment_method'>,
  triedPaymentMethodId: string | undefined,
): boolean {
  return triedPaymentMethodId === undefined || cardIn(intent)?.paymentMethodId !== triedPaymentMethodId
}

/**
 * Whether an intent that waits for a bank has failed with another card before. Our clients try one card in it, so that somebody
 * else has its client secret. A bank that declines a card and then asks for its holder is about one card. Stripe is asked only
 * about an intent in which something was tried, and where it does not say, as to a key that may not read charges, it has not.
 */
export async function hasFailedWithAnother(context: Context, intent: Stripe.PaymentIntent): Promise<boolean> {
  if (intent.latest_charge === null) return false
  try {
    const charge = (await context.records.payment(intent.id))?.latest_charge ?? null
    if (charge === null || typeof charge === 'string' || charge.status !== 'failed') return false
    return isOtherCard(intent, charge.payment_method ?? undefined)
  } catch (cause) {
    reportFault(context, 'reading what was tried', cause)
    return false
  }
}
