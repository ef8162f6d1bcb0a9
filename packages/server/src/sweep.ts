import type { Context } from './context.js'
import type { Purchase, Store } from './store.js'
import { advancePurchase } from './top-up/advance-purchase.js'
import { orPending } from './top-up/or-else.js'

/**
 * An open purchase that nothing happened to for this long is looked into: as long as one call to Stripe may take, and
 * short enough that a payment is credited within a minute, whatever became of the process that took it.
 */
const IDLE_MS = 40_000
const PAGE = 1000
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
  for await (const purchase of worthAsking(store)) {
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

/**
 * What a process left first. Most of what is open are people who left during their bank check, and those wait for hours: of
 * them the oldest, and the latest, for that is where an answer is still to come.
 */
async function* worthAsking(store: Store): AsyncIterable<Purchase> {
  const half = MOST_BANK_CHECKS / 2
  const oldest: Purchase[] = []
  const latest: Purchase[] = []
  for await (const purchase of allDue(store))
    if (purchase.status !== 'requires_action') yield purchase
    else if (oldest.length < half) oldest.push(purchase)
    else {
      latest.push(purchase)
      if (latest.length > half) latest.shift()
    }
  yield* oldest
  yield* latest
}

async function* allDue(store: Store): AsyncIterable<Purchase> {
  let page: Purchase[]
  let after: Purchase | undefined
  do {
    page = await store.due({ idleMs: IDLE_MS, limit: PAGE, after })
    after = page.at(-1)
    yield* page
  } while (page.length === PAGE)
}
