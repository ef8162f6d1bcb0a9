import type { Context } from './context.js'
import { advancePurchase } from './top-up/advance-purchase.js'

/** An open purchase that nothing happened to for this long is looked into. */
const IDLE_MS = 60_000
const BATCH = 100

/** What a sweep did. */
export interface SweepReport {
  purchasesFinished: number
  purchasesStillOpen: number
  holdsReleased: number
}

/**
 * Finishes what a crash or a closed tab left behind: reads each idle purchase at Stripe and credits, fails, or leaves
 * it for the bank; returns holds that ran out. Safe to run beside traffic and in several processes.
 */
export async function sweep(context: Context): Promise<SweepReport> {
  const { store } = context.settings
  const report: SweepReport = { purchasesFinished: 0, purchasesStillOpen: 0, holdsReleased: 0 }
  for (const purchase of await store.due({ idleMs: IDLE_MS, limit: BATCH })) {
    const outcome = await advancePurchase(context, purchase, 'cancel')
    const isOpen = outcome.type === 'refused' && !['card_declined', 'payment_failed'].includes(outcome.error)
    if (isOpen) report.purchasesStillOpen += 1
    else report.purchasesFinished += 1
  }
  let released: number
  do {
    released = await store.releaseExpired(BATCH)
    report.holdsReleased += released
  } while (released === BATCH)
  return report
}
