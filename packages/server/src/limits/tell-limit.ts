import type { Context } from '../context.js'
import { pending, type Refusal } from '../top-up/outcome.js'
import type { Attempt } from './attempt.js'

/**
 * A refusal as it may be told: a limit says that nothing was charged, which nobody knows of a purchase that was begun and has
 * not failed. Whoever repeats one is asked to wait for its outcome.
 */
export async function tellLimit(context: Context, { payment }: Attempt, refusal: Refusal): Promise<Refusal> {
  const { error, retryAfterMs } = refusal
  if (error !== 'rate_limited' || retryAfterMs === undefined || payment.purchaseId === undefined)
    return refusal
  const purchase = await context.settings.store.purchase(payment.purchaseId)
  if (purchase === null || purchase.status === 'failed') return refusal
  return { ...pending(), retryAfterMs }
}
