import type { Context } from '../context.js'
import type { AccountKey, AuditBreak, AuditReport } from '../store.js'
import { agrees, differences, isFrozenAlike, paidTwice } from './compare.js'
import { lookAgain } from './look-again.js'
import { outlivedHold, stuckPurchases } from './overdue.js'
import {
  type AccountAtStripe,
  type AuditProgress,
  enterPayment,
  nameOf,
  readStripe,
  type StripeBook,
} from './stripe-book.js'

/** How to audit. */
export interface AuditOptions {
  /** Only the store's own rules; Stripe is not asked. */
  isLocal?: boolean | undefined
  /**
   * How long something may take to arrive here after it happened at Stripe: a difference that is younger is in flight
   * and no break. Default 60,000.
   */
  settleMs?: number | undefined
  onProgress?: AuditProgress | undefined
}

/** Sums at Stripe, in units. */
export interface StripeTotals {
  charged: number
  refunded: number
  disputed: number
}

/** What an audit of the store and of Stripe saw. */
export interface FullAuditReport extends AuditReport {
  /** By currency; null when Stripe was not asked. */
  stripe: Record<string, StripeTotals> | null
  /** Accounts that differ from Stripe by something that has just happened. */
  inFlight: number
}

const SETTLE_MS = 60_000
/** Long enough for a webhook that is on its way to arrive. */
const LOOK_AGAIN_AFTER_MS = 20_000
/** What was made since the first look is listed from a little before it, because clocks differ. */
const SLACK_MS = 120_000

/**
 * Audits the store by its own rules, for what nobody has swept, and against Stripe: for each account what was charged is credited, what was refunded
 * or disputed is debited, an open dispute freezes, and no purchase was paid twice. Runs beside traffic: accounts that differ are looked at again.
 */
export async function audit(
  context: Context,
  { isLocal = false, settleMs = SETTLE_MS, onProgress = () => {} }: AuditOptions = {},
): Promise<FullAuditReport> {
  const { store, runtime } = context.settings
  const beganMs = runtime.now()
  await store.start()
  const book: StripeBook = new Map()
  if (!isLocal) await readStripe(context, book, { since: null, onProgress })
  const suspects = new Map<string, AccountKey>()
  const unseen = new Set(book.keys())
  let seen = 0
  const outlived: AuditBreak[] = []
  const local = await store.audit((account) => {
    seen += 1
    onProgress('accounts', seen)
    const name = nameOf(account)
    unseen.delete(name)
    if (!agrees(book.get(name), account)) suspects.set(name, account)
    const late = outlivedHold(account)
    if (late) outlived.push(late)
  })
  const report = { ...local, breaks: [...local.breaks, ...outlived, ...(await stuckPurchases(store))] }
  if (isLocal) return { ...report, stripe: null, inFlight: 0 }
  for (const name of unseen) {
    const account = book.get(name)
    if (account && !agrees(account, { credited: 0, debited: 0 })) suspects.set(name, account.key)
  }
  for (const [name, account] of await frozenDifferently(context, book)) suspects.set(name, account)
  const stripe = totalsOf(book)
  const twice = paidTwice(book)
  const judged = await judge(context, { suspects, book, beganMs, settleMs })
  return {
    ...report,
    breaks: [...report.breaks, ...judged.breaks, ...twice],
    stripe,
    inFlight: judged.inFlight,
  }
}

/** Looks at each suspect once more, after a while in which what is on its way arrives. */
async function judge(
  context: Context,
  {
    suspects,
    book,
    beganMs,
    settleMs,
  }: {
    suspects: ReadonlyMap<string, AccountKey>
    book: StripeBook
    beganMs: number
    settleMs: number
  },
): Promise<{ breaks: AuditBreak[]; inFlight: number }> {
  const { store, runtime } = context.settings
  const breaks: AuditBreak[] = []
  let inFlight = 0
  if (suspects.size === 0) return { breaks, inFlight }
  if (settleMs > 0) await runtime.sleep(Math.min(settleMs, LOOK_AGAIN_AFTER_MS))
  await readStripe(context, book, { since: beganMs - SLACK_MS, onProgress: () => {} })
  for (const [name, key] of suspects) {
    // Before Stripe is looked at: what happens in between is younger than a minute there.
    const [here, payments] = await Promise.all([store.account(key), store.payments(key)])
    await enterMissing(context, book, { name, payments })
    const known = book.get(name)
    const again = known && (await lookAgain(context, known))
    if (agrees(again?.account, here) && isFrozenAlike(again?.account, here)) continue
    if (again && runtime.now() - again.changedMs < settleMs) inFlight += 1
    else breaks.push(...differences(key, again?.account, { ...here, payments }))
  }
  return { breaks, inFlight }
}

/** Accounts that a dispute freezes here or at Stripe alone. Those with a dispute are few, so each is asked about. */
async function frozenDifferently({ settings }: Context, book: StripeBook): Promise<Map<string, AccountKey>> {
  const found = new Map<string, AccountKey>()
  for (const [name, account] of book) {
    if (![...account.debits.values()].some(({ reason }) => reason === 'dispute')) continue
    if (!isFrozenAlike(account, await settings.store.account(account.key))) found.set(name, account.key)
  }
  return found
}

/** Enters what the store knows of an account and the lists did not show: a payment that was begun before, and has just succeeded. */
async function enterMissing(
  context: Context,
  book: StripeBook,
  { name, payments }: { name: string; payments: readonly string[] },
): Promise<void> {
  for (const id of payments) {
    if (book.get(name)?.payments.has(id)) continue
    const intent = await context.records.payment(id)
    if (intent) enterPayment(context, book, intent)
  }
}

function totalsOf(book: StripeBook): Record<string, StripeTotals> {
  const totals: Record<string, StripeTotals> = {}
  for (const { key, payments, debits } of book.values()) {
    totals[key.currency] ??= { charged: 0, refunded: 0, disputed: 0 }
    const total = totals[key.currency]
    if (total) add(total, { key, payments, debits })
  }
  return totals
}

function add(total: StripeTotals, { payments, debits }: AccountAtStripe): void {
  for (const { units } of payments.values()) total.charged += units
  for (const { units, reason } of debits.values())
    total[reason === 'refund' ? 'refunded' : 'disputed'] += units
}
