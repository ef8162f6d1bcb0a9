import type { ClientId, PurchaseId } from '@stripe402/core'

/** A purchase whose outcome this client has not heard. */
export interface OpenPurchase {
  purchaseId: PurchaseId
  currency: string
  /** Set once the bank has asked for a check. */
  paymentIntentId?: string | undefined
  /** The price that the payer had agreed to, in units. */
  agreed?: { currency: string; units: number } | undefined
}

/** An account and its credit as last heard. */
export interface KnownAccount {
  clientId: ClientId
  balanceUnits: number
  /**
   * Goes up when the credit does. Tabs write without waiting for each other; of two that differ, the higher epoch holds,
   * and within one the lower balance.
   */
  epoch?: number | undefined
  /** The seller's latest token for this account, and when it came (milliseconds since the epoch). */
  session?: { token: string; heardAtMs: number } | undefined
}

/** What a client remembers about one origin. Amounts in units. */
export interface OriginRecord {
  /** The account and its last known credit, by currency. */
  clients: Record<string, KnownAccount>
  /** Paths that have asked for payment, with the most that each has asked. */
  asked: Record<string, { currency: string; amountUnits: number }>
  /** By the currency the seller prefers. */
  purchases: Record<string, OpenPurchase>
  /** Counts what was bought, in any tab: an account that was short is worth another try after that. */
  topUps?: number | undefined
  /** Counts how often a person signed out here: what a tab heard before that is no longer theirs. */
  signOuts?: number | undefined
  /** Counts receipts, in any tab: answers to requests that crossed arrive in any order. */
  receipts?: number | undefined
  /** What was spent on one UTC day (`2025-12-31`), and in all, by currency. */
  spent?: { day: string; units: Record<string, number>; inAll?: Record<string, number> } | undefined
}

/**
 * Keeps an {@link OriginRecord} per origin. Synchronous, because a first request must not wait for it.
 *
 * A record is never shown to another origin than its own.
 */
export interface ClientStore {
  /** The record is for reading only. */
  get(origin: string): OriginRecord | undefined
  set(origin: string, record: OriginRecord): void
  delete(origin: string): void
  /**
   * Calls back when another tab has written. A store that has this is shared between tabs, which then take turns to ask.
   * Returns what stops it.
   */
  watch?(onChange: (origin: string, now: OriginRecord, before: OriginRecord | undefined) => void): () => void
}

/** Forgets everything with the page or process. */
export function memoryStore(): ClientStore {
  return new Map<string, OriginRecord>()
}

/**
 * Survives reloads: `localStorage`, key `stripe402:<origin>`. Falls back to memory where the browser refuses it.
 */
export function localStore(): ClientStore {
  const fallback = memoryStore()
  // Every call reads the record of its origin, which seldom changes.
  const latest = new Map<string, { text: string | null; record: OriginRecord | undefined }>()
  /** The latest that this tab has heard: another one may write over it that has not seen it. */
  const heard = new Map<string, Heard>()
  const stored = (origin: string): OriginRecord | undefined => {
    try {
      const text = localStorage.getItem(keyOf(origin))
      if (text === null) heard.delete(origin)
      if (latest.get(origin)?.text !== text)
        latest.set(origin, { text, record: withNewer(heard.get(origin), readRecord(text)) })
      return latest.get(origin)?.record
    } catch {
      // Storage is blocked.
      return undefined
    }
  }
  return {
    get(origin) {
      const [mine, shared] = [fallback.get(origin), stored(origin)]
      // What could not be written is newer, unless the person has signed out elsewhere meanwhile.
      return mine && (mine.signOuts ?? 0) >= (shared?.signOuts ?? 0) ? mine : shared
    },
    set(origin, record) {
      try {
        heard.set(origin, record)
        localStorage.setItem(keyOf(origin), JSON.stringify(record))
        fallback.delete(origin)
      } catch {
        fallback.set(origin, record)
      }
    },
    delete(origin) {
      fallback.delete(origin)
      try {
        localStorage.removeItem(keyOf(origin))
      } catch {
        // Nothing can be there.
      }
    },
    watch(onChange) {
      const listen = ({ key, newValue, oldValue }: StorageEvent): void => {
        const [, origin] = key?.split(PREFIX) ?? []
        const written = origin && readRecord(newValue)
        if (!written) return
        const now = withNewer(heard.get(origin), written)
        if (now === written) heard.set(origin, now)
        else this.set(origin, now)
        onChange(origin, now, now === written ? readRecord(oldValue) : written)
      }
      globalThis.addEventListener?.('storage', listen)
      return () => globalThis.removeEventListener?.('storage', listen)
    },
  }
}

/** What a tab was told about its accounts, and how often the person had signed out by then. */
type Heard = Pick<OriginRecord, 'clients' | 'signOuts'>

/** A record with what is newer in this tab: the same record when nothing is. */
function withNewer<R extends OriginRecord | undefined>(heard: Heard | undefined, record: R): R {
  let now = record
  if ((record?.signOuts ?? 0) > (heard?.signOuts ?? 0)) return now
  for (const currency in heard?.clients) {
    const [mine, other] = [heard.clients[currency], now?.clients[currency]]
    const ahead =
      (mine?.epoch ?? 0) - (other?.epoch ?? 0) || (other?.balanceUnits ?? 0) - (mine?.balanceUnits ?? 0)
    if (now && mine && ahead > 0) now = { ...now, clients: { ...now.clients, [currency]: mine } }
  }
  return now
}

/** `localStorage` in a page, memory elsewhere (Node, workers). */
export function defaultStore(): ClientStore {
  return typeof document === 'object' ? localStore() : memoryStore()
}

const PREFIX = 'stripe402:'

function keyOf(origin: string): string {
  return PREFIX + origin
}

/** Undefined for what somebody else wrote there. */
function readRecord(text: string | null): OriginRecord | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return isOriginRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Deeper down a wrong value only makes a payment that the server refuses. */
function isOriginRecord(value: unknown): value is OriginRecord {
  return ['clients', 'asked', 'purchases'].every(
    (name) => typeof (Reflect.get(Object(value), name) ?? 0) === 'object',
  )
}
