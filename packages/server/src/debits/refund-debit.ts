import { minorToUnits } from '@stripe402/core'
import type Stripe from 'stripe'
import type { AccountKey, Debit } from '../store.js'

/** In these the money stayed with the seller, and nothing follows them. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['failed', 'canceled'])

/**
 * What a refund takes from the account that was credited: its amount from the moment it is made, nothing once it failed
 * (which may be weeks later: https://docs.stripe.com/refunds#failed-refunds).
 */
export function refundDebit(refund: Stripe.Refund, account: AccountKey): Debit {
  const isWithoutEffect = WITHOUT_EFFECT.has(refund.status ?? '')
  return {
    clientId: account.clientId,
    currency: account.currency,
    debitId: refund.id,
    rank: isWithoutEffect ? 2 : 1,
    units: isWithoutEffect ? 0 : minorToUnits(refund.amount, refund.currency),
    freezes: false,
    reason: 'refund',
  }
}
