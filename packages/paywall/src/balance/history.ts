import { accountFetch } from '@stripe402/client'
import type { Balance } from '../events/balance-change-event.js'

/** One line of an account's history. `units` is signed: what came is positive. */
export interface HistoryEntry {
  readonly id: string
  readonly atMs: number
  readonly kind: 'top_up' | 'spend' | 'refund' | 'dispute'
  readonly units: number
  /** What was paid for, or Stripe's id of the charge: the number of its receipt. */
  readonly reference: string
}

/** How many lines are asked for at a time. */
export const HISTORY_PAGE = 10

const KINDS: ReadonlySet<unknown> = new Set(['top_up', 'spend', 'refund', 'dispute'])

/**
 * Asks an origin for the history of the known client, newest first.
 *
 * @param before id of the last entry that is known already
 * @returns `null` when there is no known client, no answer, or a server that keeps no history
 */
export async function fetchHistory(
  { origin, currency }: Balance,
  before?: string,
): Promise<HistoryEntry[] | null> {
  const query = new URLSearchParams({ currency, limit: String(HISTORY_PAGE), ...(before && { before }) })
  try {
    const response = await accountFetch(`${origin}/.well-known/stripe402/history?${query}`, {}, { currency })
    const answer: unknown = response?.ok ? await response.json() : null
    return isObject(answer) && Array.isArray(answer.entries) ? answer.entries.filter(isEntry) : null
  } catch {
    return null
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  return (
    isObject(value) &&
    typeof value.id === 'string' &&
    typeof value.reference === 'string' &&
    KINDS.has(value.kind) &&
    Number.isSafeInteger(value.atMs) &&
    Number.isSafeInteger(value.units)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
