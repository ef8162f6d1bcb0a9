import type { Payment, PurchaseId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import type { Evidence } from '../proof/evidence.js'
import type { Purchase } from '../store.js'
import { orPending } from '../top-up/or-else.js'
import { type Paid, pending, type Refusal } from '../top-up/outcome.js'
import { continuePurchase } from '../top-up/top-up.js'
import { noteCharge } from './admit-attempt.js'
import { type Asked, emitLimited, firstOver, markFor, perNetwork } from './ask-limits.js'
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
    const asked = looksAtStripe(attempt, purchase, payment)
    if (asked.length > 0) {
      const member = context.settings.runtime.randomUUID()
      const marks = asked.map((one) => markFor(attempt, { ...one, member }))
      const over = firstOver(attempt, asked, await context.settings.store.mark(marks))
      if (over) {
        emitLimited(context, over.name)
        return { ...pending(), retryAfterMs: over.waitMs }
      }
    }
    const outcome = await continuePurchase(context, asking, evidence)
    if (outcome.type === 'paid' && purchase !== null && isOpen(purchase))
      await noteCharge(context, attempt, outcome.paymentIntentId)
    return tellDecline(context, attempt, { outcome, of: purchase?.clientId })
  })
}

/** The limits of a look that reaches Stripe: none where the store knows the end of the purchase, or there is nothing to look at. */
function looksAtStripe(attempt: Attempt, purchase: Purchase | null, { paymentIntentId }: Payment): Asked[] {
  if (purchase === null)
    return paymentIntentId === undefined
      ? []
      : [...perNetwork(attempt, 'lookupsPerAddress'), { name: 'lookupsInAll', of: 'all' }]
  if (!isOpen(purchase)) return []
  // By address, too: who has seen somebody's purchase does not use up its buyer's looks.
  const [from] = attempt.networks
  return [{ name: 'looksPerPurchase', of: `${purchase.purchaseId}:${from?.of ?? ''}` }]
}

function isOpen({ status }: Purchase): boolean {
  return status !== 'credited' && status !== 'failed'
}
