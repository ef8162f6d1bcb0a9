import { createHash } from 'node:crypto'
import type { Limits } from './limits/limits.js'
import type { DescribedFault } from './redact.js'

/**
 * What happened to money or to a request, for metrics and alerts. Never carries a card, a secret or a bearer id:
 * `client` is a digest that only tells equal from different.
 */
export type Stripe402Event =
  | { type: 'charged'; client: string; currency: string; units: number; paymentIntentId: string }
  | { type: 'declined'; client: string; currency: string; units: number; code: string }
  | { type: 'authentication_required'; client: string; currency: string; units: number }
  | { type: 'pending'; client: string; currency: string; units: number }
  | {
      type: 'debited'
      client: string
      currency: string
      units: number
      reason: 'refund' | 'dispute'
      id: string
    }
  | { type: 'captured'; client: string; currency: string; units: number; resource: string }
  | { type: 'released'; client: string; currency: string; units: number; resource: string }
  /** Served, and not paid for: the hold had run out, and its units are spent or frozen by now. */
  | { type: 'lost'; client: string; currency: string; units: number; resource: string }
  /** An attempt was stopped by a limit, or met an open `breaker`. */
  | { type: 'limited'; limit: keyof Limits }
  | { type: 'fault'; where: string; cause: DescribedFault }

/** Called synchronously, and waited for by nobody; what it throws or rejects with is logged and ignored. */
export type EventListener = (event: Stripe402Event) => unknown

/** A client id as it may stand in a log: enough to tell two apart, useless to spend with. */
export function clientDigest(clientId: string): string {
  return createHash('sha256').update(clientId).digest('hex').slice(0, 12)
}
