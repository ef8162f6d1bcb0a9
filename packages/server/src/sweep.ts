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
/** Purchases that are looked into at once: one of which Stripe says nothing takes as long as all patience with it. */
const AT_ONCE = 8
/** Bank checks that are asked about in one sweep, so that Stripe's 25 requests a second are not used up. */
const MOST_BANK_CHECKS = 100
const BATCH = 100

/** What a sweep did. */
export interface SweepReport {
  purchasesFinished: number
  /** Open after it, `purchasesUnknown` included: the rest wait for their banks. */
  purchasesStillOpen: number
  /** Of which nobody could say what became: Stripe or the store did not answer. */
  purchasesUnknown: number
  holdsReleased: number
}

/** How a sweep is followed. */
export interface SweepOptions {
  /** Hears how many purchases have been looked into. */
  onProgress?: ((purchases: number) => void) | undefined
}

/** What a purchase may answer that is not over yet. */
const OPEN: ReadonlySet<string> = new Set(['authentication_required', 'payment_pending', 'unavailable'])

/**
 * Finishes what a crash or a closed tab left behind: returns holds that ran out; reads each idle purchase at Stripe and
 * credits, fails, or leaves it for the bank. Safe to run beside traffic and in several processes.
 *
 * @throws StoreUnavailableError when the store cannot be asked.
 */
export async function sweep(context: Context, options: SweepOptions = {}): Promise<SweepReport> {
  // First, for Stripe may be slow, and it has no say in holds.
  const holdsReleased = await releaseHolds(context)
  return { ...(await finishPurchases(context, options)), holdsReleased }
}

/** Returns the holds that ran out, and says how many they were. */
export async function releaseHolds({ settings }: Context): Promise<number> {
  let all = 0
  let released: number
  do {
    released = await settings.store.releaseExpired(BATCH)
    all += released
  } while (released === BATCH)
  return all
}

/** Carries every idle purchase as far as Stripe lets it. */
export async function finishPurchases(
  context: Context,
  { onProgress = () => {} }: SweepOptions = {},
): Promise<Omit<SweepReport, 'holdsReleased'>> {
  const report = { purchasesFinished: 0, purchasesStillOpen: 0, purchasesUnknown: 0 }
  await eachOf(worthAsking(context.settings.store), async (purchase) => {
    const outcome = await orPending(context, 'sweep', () => advancePurchase(context, purchase, 'cancel'))
    const isOpen = outcome.type === 'refused' && OPEN.has(outcome.error)
    report[isOpen ? 'purchasesStillOpen' : 'purchasesFinished'] += 1
    if (isOpen && outcome.error !== 'authentication_required') report.purchasesUnknown += 1
    onProgress(report.purchasesStillOpen + report.purchasesFinished)
  })
  return report
}

/** Several at once; ends when all that were begun have ended, also where the list breaks off. */
async function eachOf(
  purchases: AsyncGenerator<Purchase>,
  finish: (purchase: Purchase) => Promise<void>,
): Promise<void> {
  const work = async (): Promise<void> => {
    for (let next = await purchases.next(); !next.done; next = await purchases.next())
      await finish(next.value)
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

/**
 * What a process left first. Most of what is open are people who left during their bank check, and those wait for hours: of
 * them the oldest, and the latest, for that is where an answer is still to come.
 */
async function* worthAsking(store: Store): AsyncGenerator<Purchase> {
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
