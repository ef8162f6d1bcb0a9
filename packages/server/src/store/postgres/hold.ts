import type { HoldRequest, HoldResult } from '../../store.js'
import { BlankStoreError } from '../store-error.js'
import type { Row } from './connection.js'
import { isAboutData } from './postgres-fault.js'
import { readHoldResult, unexpected } from './rows.js'

/** So many holds keep one transaction, and with it the locks of their accounts, below some twenty milliseconds. */
export const MOST_PER_TRANSACTION = 64

/** Runs `hold_many_v1`. */
type RunHolds = (wishes: string) => Promise<Row[]>

/** Decides many wishes in one transaction. One that PostgreSQL cannot keep fails alone. */
export async function holdAll(
  run: RunHolds,
  wishes: readonly HoldRequest[],
): Promise<readonly (HoldResult | Error)[]> {
  try {
    const rows = await run(JSON.stringify(wishes.map(wishList)))
    if (rows.length !== wishes.length) throw unexpected()
    return wishes.map((wish, index) => readAnswer(wish, rows[index] ?? {}))
  } catch (error) {
    if (wishes.length === 1 || !isAboutData(error)) throw error
    const alone = await Promise.allSettled(wishes.map((wish) => holdAll(run, [wish])))
    return alone.flatMap((each) => (each.status === 'fulfilled' ? each.value : [asError(each.reason)]))
  }
}

function readAnswer(wish: HoldRequest, row: Row): HoldResult | Error {
  return row.is_blank === true ? new BlankStoreError() : readHoldResult(wish, row, row.outcome)
}

function wishList(wish: HoldRequest): unknown[] {
  return [wish.clientId, wish.currency, ...wishValues(wish), wish.era ?? null]
}

/** The nine values of a hold after its account, in the order of `hold_v1`. */
export function wishValues(wish: HoldRequest | null): unknown[] {
  if (!wish) return Array.from({ length: 9 }, () => null)
  const { operationId, runId, fingerprint, units, resource, holdMs, rememberMs, access } = wish
  const opens = [access?.resource ?? null, access?.durationMs ?? null]
  return [operationId, runId, fingerprint, units, resource, holdMs, rememberMs, ...opens]
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : unexpected()
}
