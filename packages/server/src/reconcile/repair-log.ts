import type { AccountKey } from '../store.js'
import type { Recorded } from '../top-up/credit-intent.js'

/** What is compared, in this order: credit comes before what is taken from it. */
export type ReconciledKind = 'payments' | 'refunds' | 'disputes'

/** Something that Stripe knew and the store did not. */
export interface Repair extends AccountKey {
  kind: ReconciledKind
  /** PaymentIntent, refund or dispute. */
  id: string
  /** What it brought, or takes now. */
  units: number
}

/** What a run did. */
export interface ReconcileReport {
  /** Objects made before were not looked at, epoch milliseconds; null: all were. */
  since: Record<ReconciledKind, number | null>
  /** Objects of this seller that were looked at. */
  seen: Record<ReconciledKind, number>
  repaired: Record<ReconciledKind, number>
  /** The first thousand of them. */
  repairs: Repair[]
  /** PaymentIntents that no purchase was open for any more, and that were cancelled; the first thousand of them. */
  cancelled: string[]
  /** Whether the store was blank and is complete from now on. */
  isRebuilt: boolean
}

const MOST_REPAIRS = 1000

/** Notes a PaymentIntent that was cancelled. */
export function noteCancelled({ cancelled }: ReconcileReport, paymentIntentId: string): void {
  if (cancelled.length < MOST_REPAIRS) cancelled.push(paymentIntentId)
}

/** Notes one object that was compared. */
export type Note = (recorded: Recorded, repair: Omit<Repair, 'kind'> | null) => void

/** Fills in a report for one kind. */
export function notesOn(
  report: ReconcileReport,
  kind: ReconciledKind,
  onProgress: (kind: ReconciledKind, seen: number) => void,
): Note {
  return (recorded, repair) => {
    if (recorded === 'foreign' || repair === null) return
    report.seen[kind] += 1
    onProgress(kind, report.seen[kind])
    if (recorded === 'unchanged') return
    report.repaired[kind] += 1
    if (report.repairs.length < MOST_REPAIRS) report.repairs.push({ kind, ...repair })
  }
}
