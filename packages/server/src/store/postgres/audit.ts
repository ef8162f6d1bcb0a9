import { isClientId } from '@stripe402/core'
import type { AccountKey, AuditedAccount, AuditReport } from '../../store.js'
import { auditAccount, beginAudit } from '../audit-rules.js'
import type { Row } from './connection.js'
import { readAccount, readInteger, unexpected } from './rows.js'

const PAGE = 1000

/** Checks every account, a page at a time; `read` asks for the accounts behind one. */
export async function auditPages(
  read: (values: unknown[]) => Promise<Row[]>,
  visit: ((account: AuditedAccount) => void) | undefined,
): Promise<AuditReport> {
  const audit = beginAudit(visit)
  let last: AccountKey | undefined
  for (;;) {
    const rows = await read([last?.clientId ?? '', last?.currency ?? '', PAGE])
    for (const row of rows) {
      const { client_id: clientId, currency } = row
      if (typeof clientId !== 'string' || !isClientId(clientId) || typeof currency !== 'string')
        throw unexpected()
      last = { clientId, currency }
      auditAccount(audit, {
        ...readAccount(last, row),
        heldByOperations: readInteger(row.held_by_operations),
        openPurchases: readInteger(row.open_purchases),
        overdueMs: readInteger(row.overdue),
      })
    }
    if (rows.length < PAGE) return audit.report
  }
}
