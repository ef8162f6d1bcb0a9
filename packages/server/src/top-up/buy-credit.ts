import type { Context } from '../context.js'
import { noteOutcome, refuseAttempt, refuseCard } from '../limits/admit-attempt.js'
import { attemptOf } from '../limits/attempt.js'
import type { PaidRequest } from '../paid-request.js'
import type { Evidence } from '../proof/evidence.js'
import { rememberBuyer } from '../proof/right-to-spend.js'
import type { AccountKey, HoldRequest } from '../store.js'
import type { Refusal, TopUpOutcome } from './outcome.js'
import { type CardPayment, termsFor } from './purchase-terms.js'
import { topUp } from './top-up.js'

/**
 * Charges a card, as far as the limits allow: may it be asked about → whose is it, for how much → may it be charged →
 * charge → remember how it ended.
 *
 * `holdOn` makes the wish that lacked credit, once the account is known; `null` for credit for its own sake.
 */
export async function buyCredit<Hold extends HoldRequest | null>(
  context: Context,
  request: PaidRequest,
  wish: CardPayment & { evidence: Evidence },
  holdOn: (account: AccountKey) => Hold,
): Promise<{ type: 'bought'; outcome: TopUpOutcome; hold: Hold } | Refusal> {
  const attempt = attemptOf(context.settings, request, wish.payment)
  const early = attempt && (await refuseAttempt(context, attempt))
  if (early) return early
  const agreed = await termsFor(context, wish)
  if (agreed.type === 'refused') return agreed
  const { terms } = agreed
  const late = attempt && (await refuseCard(context, attempt, terms.clientId))
  if (late) return late
  const hold = holdOn(terms)
  await rememberBuyer(context, wish.evidence, terms.purchaseId)
  const outcome = await topUp(context, terms, hold)
  if (attempt) await noteOutcome(context, attempt, terms.clientId, outcome)
  return { type: 'bought', outcome, hold }
}
