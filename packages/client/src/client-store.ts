import type { ClientId, PurchaseId } from '@stripe402/core'

/** A purchase whose outcome this client has not heard. */
export interface OpenPurchase {
  purchaseId: PurchaseId
  currency: string
  /** Set once the bank has asked for a check. */
  paymentIntentId?: string | undefined
}

/** What a client remembers about one origin. Amounts in units. */
export interface OriginRecord {
  /** The account and its last known credit, by currency. */
  clients: Record<string, { clientId: ClientId; balanceUnits: number }>
  /** Paths that have asked for payment, with what they asked. */
  asked: Record<string, { currency: string; amountUnits: number }>
  /** By the currency the seller prefers. */
  purchases: Record<string, OpenPurchase>
  /** Counts what was bought, in any tab: an account that was short is worth another try after that. */
  topUps?: number | undefined
  /** What was spent on one UTC day (`2025-12-31`), by currency. */
  spent?: { day: string; units: Record<string, number> } | undefined
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
  return {
    get(origin) {
      try {
        const text = localStorage.getItem(keyOf(origin))
        if (latest.get(origin)?.text !== text) latest.set(origin, { text, record: readRecord(text) })
        return latest.get(origin)?.record ?? fallback.get(origin)
      } catch {
        // Storage is blocked.
      }
      return fallback.get(origin)
    },
    set(origin, record) {
      try {
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
        const now = origin && readRecord(newValue)
        if (now) onChange(origin, now, readRecord(oldValue))
      }
      globalThis.addEventListener?.('storage', listen)
      return () => globalThis.removeEventListener?.('storage', listen)
    },
  }
}

/** `localStorage` in a page, memory elsewhere (Node, workers). */
export function defaultStore(): ClientStore {
  return typeof document === 'object' ? localStore() : memoryStore()
}

/** What a record says was spent on this UTC day, in units. */
export function spentToday({ spent }: OriginRecord, currency: string): number {
  return (spent?.day === today() && spent.units[currency]) || 0
}

/** The UTC day, as a record writes it. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
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
  const isObject = (one: unknown): one is object => typeof one === 'object' && one !== null
  const members = ['clients', 'asked', 'purchases'] as const
  return isObject(value) && members.every((name) => isObject(Reflect.get(value, name)))
}
