import type { AuditBreak, AuditedAccount, AuditReport } from '../store.js'

/** What an audit reads of one account, in one atomic step. Amounts in units. */
export interface AuditedRow extends AuditedAccount {
  /** Sum over the operations that are held right now. */
  heldByOperations: number
  openPurchases: number
}

/** A report to be filled, and whom to show each account. */
export interface AuditUnderWay {
  report: AuditReport
  visit: ((account: AuditedAccount) => void) | undefined
}

/** Begins an audit. */
export function beginAudit(visit: AuditUnderWay['visit']): AuditUnderWay {
  return { report: { accounts: 0, totals: {}, breaks: [] }, visit }
}

/** Adds one account to a report: its sums and the rules that it breaks. */
export function auditAccount({ report, visit }: AuditUnderWay, audited: AuditedRow): void {
  report.totals[audited.currency] ??= { credited: 0, available: 0, held: 0, spent: 0, debited: 0 }
  const total = report.totals[audited.currency]
  if (total)
    for (const sum of ['credited', 'available', 'held', 'spent', 'debited'] as const)
      total[sum] += audited[sum]
  report.accounts += 1
  report.breaks.push(...brokenRules(audited))
  if (visit) {
    const { clientId, currency, credited, available, held, spent, debited, overdueMs } = audited
    visit({ clientId, currency, credited, available, held, spent, debited, overdueMs })
  }
}

/** The rules of the ledger that an account breaks; none, in a sound one. */
export function brokenRules(audited: AuditedRow): AuditBreak[] {
  const { clientId, currency, credited, available, held, spent, debited } = audited
  const breaks: AuditBreak[] = []
  const report = (rule: AuditBreak['rule'], detail: string): void => {
    breaks.push({ rule, account: { clientId, currency }, detail })
  }
  if (credited - debited !== available + held + spent)
    report('conservation', `credited ${credited} − debited ${debited} ≠ ${available} + ${held} + ${spent}`)
  // Refunds and disputes may take what was already spent, but never more than they are.
  if (available + debited < 0) report('negative_available', `available ${available}, debited ${debited}`)
  if (held < 0) report('negative_held', `held ${held}`)
  if (audited.openPurchases > 1) report('open_purchases', `${audited.openPurchases} open purchases`)
  if (held !== audited.heldByOperations)
    report('held_without_operations', `held ${held}, by operations ${audited.heldByOperations}`)
  return breaks
}
