import type { Context } from './context.js'
import type { Purchase } from './store.js'
import { advancePurchase } from './top-up/advance-purchase.js'
import { orPending } from './top-up/or-else.js'

/**
 * An open purchase that nothing happened to for this long is looked into: as long as one call to Stripe may take, and
 * short enough that a payment is credited within a minute, whatever became of the process that took it.
 */
const IDLE_MS = 40_000
/** As many as a store gives at once: most are people who left during their bank check, and those wait for hours. */
const MOST_DUE = 1000
/** Bank checks that are asked about in one sweep, so that Stripe's 25 requests a second are not used up. */
const MOST_BANK_CHECKS = 100
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
 *
 * @throws StoreUnavailableError when the store cannot be asked.
 */
export async function sweep(context: Context): Promise<SweepReport> {
  const { store } = context.settings
  const report: SweepReport = { purchasesFinished: 0, purchasesStillOpen: 0, holdsReleased: 0 }
  for (const purchase of worthAsking(await store.due({ idleMs: IDLE_MS, limit: MOST_DUE }))) {
    const outcome = await orPending(context, 'sweep', () => advancePurchase(context, purchase, 'cancel'))
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

/** What a process left first. Of the bank checks, the latest, for that is where an answer is still to come, and the oldest. */
function worthAsking(due: readonly Purchase[]): Purchase[] {
  const checks = due.filter(({ status }) => status === 'requires_action')
  const half = MOST_BANK_CHECKS / 2
  const chosen =
    checks.length <= MOST_BANK_CHECKS ? checks : [...checks.slice(0, half), ...checks.slice(-half)]
  return [...due.filter(({ status }) => status !== 'requires_action'), ...chosen]
}
