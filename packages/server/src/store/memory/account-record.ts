import type { Account, AccountKey, HistoryEntry } from '../../store.js'
import { checkSum } from '../checked-input.js'

/** A logical request that asked to spend. Times are epoch milliseconds. */
export interface Operation {
  fingerprint: string
  state: 'held' | 'captured' | 'released'
  /** Its price: what was held. */
  units: number
  /** Runs that are going on or were served; at most two. */
  runs: string[]
  expiresAtMs: number
  rememberMs: number
  /** When the id may be forgotten; only looked at once it is no longer held. */
  forgetAtMs: number
  resource: string
  access: { resource: string; durationMs: number } | undefined
}

/** The last known state of a refund or dispute. */
interface DebitState {
  rank: number
  units: number
  freezes: boolean
}

/** Everything the memory store keeps about one account. */
export interface AccountRecord {
  key: AccountKey
  credited: number
  available: number
  held: number
  spent: number
  debited: number
  operations: Map<string, Operation>
  /** With so many operations it is time to look which of them may be forgotten. */
  crowdedAt: number
  /** No hold runs out before this moment. */
  earliestExpiryMs: number
  /** Digest of a resource → each price that it was bought at → when that access ends. */
  access: Map<string, Map<number, number>>
  paymentIntents: Set<string>
  debits: Map<string, DebitState>
  /** Newest last, and more than is shown: dropping the oldest one by one would move all of them each time. */
  history: HistoryEntry[]
  entries: number
  /** See `AccountKeys`. */
  era: number
  thumbprints: string[]
}

const LEAST_CROWD = 1000

/** An account without money or past. */
export function emptyRecord(key: AccountKey): AccountRecord {
  return {
    key: { clientId: key.clientId, currency: key.currency },
    credited: 0,
    available: 0,
    held: 0,
    spent: 0,
    debited: 0,
    operations: new Map(),
    crowdedAt: LEAST_CROWD,
    earliestExpiryMs: Number.POSITIVE_INFINITY,
    access: new Map(),
    paymentIntents: new Set(),
    debits: new Map(),
    history: [],
    entries: 0,
    era: 0,
    thumbprints: [],
  }
}

/** The account as callers see it. */
export function accountOf(record: AccountRecord): Account {
  const { key, credited, available, held, spent, debited } = record
  const { clientId, currency } = key
  const sums = { credited, available, held, spent, debited }
  return { clientId, currency, ...sums, frozen: isFrozen(record), disputed: isDisputed(record) }
}

/** Whether nothing may be held: a dispute is open, or more went back than was left. */
export function isFrozen(record: AccountRecord): boolean {
  return record.available < 0 || isDisputed(record)
}

function isDisputed(record: AccountRecord): boolean {
  for (const debit of record.debits.values()) if (debit.freezes) return true
  return false
}

/** Adds a line to the history, which keeps the newest `limit` at least. */
export function addEntry(record: AccountRecord, entry: Omit<HistoryEntry, 'id'>, limit: number): void {
  record.entries += 1
  record.history.push({ id: String(record.entries), ...entry })
  if (record.history.length >= 2 * limit) record.history = record.history.slice(-limit)
}

/** The newest `limit` lines of history, newest first. */
export function newestEntries({ history }: AccountRecord, limit: number): HistoryEntry[] {
  return history.slice(-limit).reverse()
}

/** Forgets operations whose time has come, once there are twice as many as were left the last time. */
export function forgetSome(record: AccountRecord, nowMs: number): void {
  const { operations } = record
  if (operations.size < record.crowdedAt) return
  for (const [id, { state, forgetAtMs }] of operations)
    if (state !== 'held' && forgetAtMs <= nowMs) operations.delete(id)
  record.crowdedAt = Math.max(LEAST_CROWD, 2 * operations.size)
}

/** Checks both new totals, then moves units into (or, negative, out of) what is available. */
export function changeAvailable(record: AccountRecord, total: 'credited' | 'debited', units: number): void {
  const available = record.available + (total === 'credited' ? units : -units)
  checkSum(total, record[total] + units)
  checkSum('available', available)
  record[total] += units
  record.available = available
}
