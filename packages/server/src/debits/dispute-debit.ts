import { minorToUnits } from '@stripe402/core'
import type Stripe from 'stripe'
import type { AccountKey, Debit } from '../store.js'

/**
 * How far a dispute has come, for states between which no money moved. What has the same stage has the same effect: an
 * inquiry may close and still become a dispute, and a lost one may be appealed against, won, or lost again.
 */
const STAGE: Readonly<Record<string, number>> = {
  warning_needs_response: 0,
  warning_under_review: 0,
  warning_closed: 0,
  needs_response: 1,
  under_review: 1,
  lost: 2,
  appeal_needs_response: 2,
  appeal_under_review: 2,
  won: 3,
  prevented: 3,
}
const OPEN = 1
/** Of a status that Stripe may add: decided, by the money that moved. */
const DECIDED = 2
const STAGES = 4

/**
 * What a dispute takes from the account that was credited: what the bank withdrew and did not give back. The account is
 * frozen while the bank decides, if its own card paid; an inquiry (`warning_…`) withdraws nothing and freezes nothing.
 *
 * Movements of money only ever come to be more, so their number ranks first and the stage second.
 */
export function disputeDebit(
  dispute: Stripe.Dispute,
  intent: Pick<Stripe.PaymentIntent, 'amount_received' | 'currency'>,
  account: AccountKey,
): Debit {
  const stage = STAGE[dispute.status] ?? DECIDED
  return {
    clientId: account.clientId,
    currency: account.currency,
    debitId: dispute.id,
    rank: (movementsOf(dispute)?.length ?? 0) * STAGES + stage,
    units: minorToUnits(chargedMinor(dispute, intent), intent.currency),
    freezes: stage === OPEN,
    reason: 'dispute',
  }
}

/** What is gone, in the currency of the charge. A network may dispute in another one: then the same part of the charge. */
function chargedMinor(
  dispute: Stripe.Dispute,
  { amount_received, currency }: Pick<Stripe.PaymentIntent, 'amount_received' | 'currency'>,
): number {
  const minor = withdrawnMinor(dispute)
  if (dispute.currency === currency) return minor
  return dispute.amount === 0 ? 0 : Math.round((amount_received * minor) / dispute.amount)
}

/** What is gone, in the currency of the dispute. Fees are the seller's own. */
function withdrawnMinor(dispute: Stripe.Dispute): number {
  const movements = movementsOf(dispute)
  if (movements === null)
    return [OPEN, DECIDED].includes(STAGE[dispute.status] ?? DECIDED) ? dispute.amount : 0
  const minor = movements.reduce((sum, { amount, currency }) => {
    // Movements are in the currency that the seller is paid in; the rate of another one is not ours to pass on.
    return sum - (currency === dispute.currency ? amount : Math.sign(amount) * dispute.amount)
  }, 0)
  return Math.max(0, minor)
}

/** The movements of money of a dispute; null for a key that may not see them: then the status has to do. */
export function movementsOf(dispute: Stripe.Dispute): Stripe.BalanceTransaction[] | null {
  return Array.isArray(dispute.balance_transactions) ? dispute.balance_transactions : null
}
