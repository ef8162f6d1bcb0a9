import type { Payment, PurchaseId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import type { Evidence } from '../proof/evidence.js'
import type { Purchase } from '../store.js'
import { orPending } from '../top-up/or-else.js'
import { type Paid, pending, type Refusal } from '../top-up/outcome.js'
import { continuePurchase } from '../top-up/top-up.js'
import { lookSteps, noteCharge } from './admit-attempt.js'
import { type Asked, emitLimited, firstOverOf } from './ask-limits.js'
import { type Attempt, attemptOf } from './attempt.js'
import { tellDecline } from './tell-decline.js'

/**
 * Finds out about a purchase that was begun earlier, as far as the limits allow: each look at Stripe is counted. Whoever has
 * looked too often is asked to wait, and not told that nothing was charged.
 */
export function continueWithin(
  context: Context,
  request: PaidRequest,
  { payment, purchaseId, evidence }: { payment: Payment; purchaseId: PurchaseId; evidence: Evidence },
): Promise<Paid | Refusal> {
  const attempt = attemptOf(context.settings, request, payment)
  const asking = { ...payment, purchaseId }
  if (attempt === null) return continuePurchase(context, asking, evidence)
  return orPending(context, 'continuing a purchase', async () => {
    await context.start()
    const purchase = await context.settings.store.purchase(purchaseId)
    const member = context.settings.runtime.randomUUID()
    const over = await firstOverOf(context, attempt, looksAtStripe(attempt, { purchase, payment, member }))
    if (over) {
      emitLimited(context, over.name)
      return { ...pending(), retryAfterMs: over.waitMs }
    }
    const outcome = await continuePurchase(context, asking, evidence)
    if (outcome.type === 'paid' && purchase !== null && isOpen(purchase))
      await noteCharge(context, attempt, outcome.paymentIntentId)
    return tellDecline(context, attempt, { outcome, of: purchase?.clientId })
  })
}

/** The limits of a look that reaches Stripe: none where the store knows the end of the purchase, or there is nothing to look at. */
function looksAtStripe(
  attempt: Attempt,
  {
    purchase,
    payment: { paymentIntentId },
    member,
  }: { purchase: Purchase | null; payment: Payment; member: string },
): Asked[][] {
  if (purchase === null) return paymentIntentId === undefined ? [] : lookSteps(attempt, member)
  if (!isOpen(purchase)) return []
  // By address, too: who has seen somebody's purchase does not use up its buyer's looks.
  const [from] = attempt.networks
  return [[{ name: 'looksPerPurchase', of: `${purchase.purchaseId}:${from?.of ?? ''}`, member }]]
}

function isOpen({ status }: Purchase): boolean {
  return status !== 'credited' && status !== 'failed'
}
