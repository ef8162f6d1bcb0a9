import type { Context } from '../context.js'
import { admitAttempt, noteOutcome, refuseCard } from '../limits/admit-attempt.js'
import { attemptOf } from '../limits/attempt.js'
import { tellDecline } from '../limits/tell-decline.js'
import { tellLimit } from '../limits/tell-limit.js'
import type { PaidRequest } from '../paid-request.js'
import { spendBoundProof } from '../proof/own-device.js'
import { withCustomer } from '../saved-card/keep-card.js'
import { dropIfRefused } from '../saved-card/kept-card.js'
import type { AccountKey, HoldRequest } from '../store.js'
import type { Refusal, TopUpOutcome } from './outcome.js'
import { type CardPayment, termsFor } from './purchase-terms.js'
import { continuePurchase, topUp } from './top-up.js'

const UNLIMITED = { type: 'admitted', wantsBankCheck: false } as const

/**
 * Charges a card, as far as the limits allow: may it be asked about → whose is it, for how much → may it be charged →
 * make the Customer that keeps it → charge → remember how it ended → tell as much as may be told.
 *
 * `holdOn` makes the wish that lacked credit, once the account is known; `null` for credit for its own sake.
 */
export async function buyCredit<Hold extends HoldRequest | null>(
  context: Context,
  request: PaidRequest,
  wish: CardPayment,
  holdOn: (account: AccountKey) => Hold,
): Promise<{ type: 'bought'; outcome: TopUpOutcome; hold: Hold; paymentMethodId: string } | Refusal> {
  const { payment, evidence } = wish
  if (payment.clientId !== undefined) await spendBoundProof(context, evidence, payment.clientId)
  const attempt = attemptOf(context.settings, request, payment)
  const admitted = attempt ? await admitAttempt(context, attempt) : UNLIMITED
  if (admitted.type === 'refused') return attempt ? tellLimit(context, attempt, admitted) : admitted
  const agreed = await termsFor(context, wish, admitted)
  if (agreed.type === 'refused') return agreed
  if (agreed.type === 'known') {
    const { purchaseId, paymentMethodId } = agreed.purchase
    const outcome = await continuePurchase(context, { ...payment, purchaseId }, evidence)
    return { type: 'bought', outcome, hold: holdOn(agreed.purchase), paymentMethodId }
  }
  const { clientId } = agreed.terms
  const isOwn = await spendBoundProof(context, evidence, clientId)
  const late = attempt && (await refuseCard(context, attempt, { clientId, isOwn }))
  if (late) return tellLimit(context, attempt, late)
  // One that is kept already is charged by its device alone. Its PaymentMethod is a name, and stands in a log.
  const mayKeep = isOwn || !agreed.isAttached
  const isWanted = payment.saveCard === true && context.settings.keepCards && mayKeep
  const terms = await withCustomer(context, agreed.terms, { isWanted, isOwn, evidence })
  const hold = holdOn(terms)
  const ended = await topUp(context, terms, hold)
  if (attempt) await noteOutcome(context, attempt, clientId, ended)
  const outcome = await tellDecline(context, attempt, { outcome: ended, of: clientId })
  if (payment.paymentMethodId === undefined) await dropIfRefused(context, clientId, outcome)
  return { type: 'bought', outcome, hold, paymentMethodId: terms.paymentMethodId }
}
