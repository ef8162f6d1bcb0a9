import type { AuditBreak, AuditedAccount, Purchase, Store } from '../store.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A sweep comes every 15 seconds, or a cron job every few minutes. */
const MOST_OVERDUE_MS = 10 * MINUTE_MS
/** A bank check is given up after 20 hours; everything else is finished within a minute. */
const MOST_OPEN_MS = 24 * HOUR_MS
const PAGE = 100

/** The break of an account whose units are held for longer than any request takes; null in a sound one. */
export function outlivedHold({ clientId, currency, overdueMs }: AuditedAccount): AuditBreak | null {
  if (overdueMs <= MOST_OVERDUE_MS) return null
  const account = { clientId, currency }
  return { rule: 'hold_outlived', account, detail: `held for ${told(overdueMs)} too long; nobody sweeps` }
}

/** The purchases that nobody has finished. */
export async function stuckPurchases(store: Store): Promise<AuditBreak[]> {
  const breaks: AuditBreak[] = []
  let after: Purchase | undefined
  for (;;) {
    const page = await store.due({ idleMs: MOST_OPEN_MS, limit: PAGE, after })
    for (const { clientId, currency, purchaseId, status, updatedAtMs, nowMs } of page)
      breaks.push({
        rule: 'purchase_stuck',
        account: { clientId, currency },
        detail: `${purchaseId} is ${status} for ${told(nowMs - updatedAtMs)}; nobody sweeps`,
      })
    after = page.at(-1)
    if (page.length < PAGE) return breaks
  }
}

function told(ms: number): string {
  return ms < 2 * HOUR_MS ? `${Math.floor(ms / MINUTE_MS)} minutes` : `${Math.floor(ms / HOUR_MS)} hours`
}
