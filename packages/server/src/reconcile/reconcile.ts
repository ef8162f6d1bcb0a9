import type { Context } from '../context.js'
import { debitOfDispute, debitOfRefund, recordDispute, recordRefund } from '../debits/record-debit.js'
import type { Debit } from '../store.js'
import { cancelOrphan } from '../top-up/cancel-orphan.js'
import { paymentOf, recordPayment } from '../top-up/credit-intent.js'
import {
  noteCancelled,
  notesOn,
  type ReconciledKind,
  type ReconcileReport,
  type Repair,
} from './repair-log.js'

/** How to run. */
export interface ReconcileOptions {
  /**
   * Look at objects made since, epoch milliseconds. Default: since the last run, and further back where objects change
   * late. A blank store is always rebuilt from the beginning.
   */
  sinceMs?: number | undefined
  /** Told after every object of this seller. */
  onProgress?: ((kind: ReconciledKind, seen: number) => void) | undefined
}

const DAY_MS = 86_400_000
/** The store's clock and Stripe's differ. */
const SLACK_MS = 600_000

/**
 * How long after it was made an object may still change: Stripe sends webhooks for three days, refunds fail after up to
 * thirty and expire after forty-five, disputes are argued about for months.
 */
const CHANGES_FOR_MS: Readonly<Record<ReconciledKind, number>> = {
  payments: 3 * DAY_MS,
  refunds: 60 * DAY_MS,
  disputes: 180 * DAY_MS,
}

/**
 * Compares the store with Stripe and writes down what is missing: lists payments, refunds and disputes (lists are never
 * out of date, searches are) and passes each through the functions that webhooks use. Safe beside traffic and in
 * several processes at once; stopped half way it is simply run again.
 *
 * A PaymentIntent that was never confirmed, and that no open purchase is about, is cancelled.
 *
 * A blank store is rebuilt from everything that Stripe has, and opened. What was spent is not known to Stripe.
 */
export async function reconcile(
  context: Context,
  { sinceMs, onProgress = () => {} }: ReconcileOptions = {},
): Promise<ReconcileReport> {
  const { store, runtime } = context.settings
  const beganMs = runtime.now()
  const state = await store.start()
  const isBlank = state.type === 'blank'
  const lastMs = await store.reconciledAt()
  const from = (kind: ReconciledKind): number | null => {
    if (isBlank) return null
    if (sinceMs !== undefined) return sinceMs
    return lastMs === null ? null : Math.max(0, lastMs - CHANGES_FOR_MS[kind])
  }
  const report: ReconcileReport = {
    since: { payments: from('payments'), refunds: from('refunds'), disputes: from('disputes') },
    seen: { payments: 0, refunds: 0, disputes: 0 },
    repaired: { payments: 0, refunds: 0, disputes: 0 },
    repairs: [],
    cancelled: [],
    isRebuilt: isBlank,
  }
  await compare(context, report, onProgress)
  if (isBlank) await store.open(state.dataId)
  // A run over a part leaves the rest to the next one.
  if (isBlank || sinceMs === undefined) await store.markReconciled(Math.max(0, beganMs - SLACK_MS))
  return report
}

async function compare(
  context: Context,
  report: ReconcileReport,
  onProgress: (kind: ReconciledKind, seen: number) => void,
): Promise<void> {
  const { records, settings } = context
  const { since } = report
  const payments = notesOn(report, 'payments', onProgress)
  const youngMs = settings.runtime.now() - SLACK_MS
  for await (const intent of records.intents(since.payments)) {
    // Over a blank store nobody has a purchase under way, however young the intent is.
    const mayBeOrphan = report.isRebuilt || intent.created * 1000 < youngMs
    if (mayBeOrphan && (await cancelOrphan(context, intent))) noteCancelled(report, intent.id)
    const payment = paymentOf(context, intent)
    payments(await recordPayment(context, intent), payment && { ...keyOf(payment), id: intent.id })
  }
  const refunds = notesOn(report, 'refunds', onProgress)
  for await (const { object, intent } of records.refunds(since.refunds)) {
    const debit = intent && debitOfRefund(context, object, intent)
    refunds(await recordRefund(context, object, intent), debit && { ...keyOf(debit), id: debit.debitId })
  }
  const disputes = notesOn(report, 'disputes', onProgress)
  for await (const { object, intent } of records.disputes(since.disputes)) {
    const debit = intent && debitOfDispute(context, object, intent)
    disputes(await recordDispute(context, object, intent), debit && { ...keyOf(debit), id: debit.debitId })
  }
}

function keyOf({
  clientId,
  currency,
  units,
}: Pick<Debit, 'clientId' | 'currency' | 'units'>): Omit<Repair, 'kind' | 'id'> {
  return { clientId, currency, units }
}
