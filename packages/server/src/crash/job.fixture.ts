import type { PurchaseId, RequestId } from '@stripe402/core'

/** Where a victim keeps credit: a database of its own in each lane, so that sweeps meet nobody else's purchases. */
export type StoreAddress = { kind: 'redis'; url: string } | { kind: 'postgres'; url: string; schema: string }

/** What a victim is told at its start. */
export interface Surroundings {
  store: StoreAddress
  stripe: { url: string; secretKey: string; publishableKey: string }
}

/** Everything that a client may come for. */
export const JOURNEYS = ['purchase', 'spend', 'failed handler', 'other card', 'bank check', 'top-up'] as const
/** What a client came for. */
export type Journey = (typeof JOURNEYS)[number]

/** One client's errand; told again with the same ids it is the same errand. */
export interface Visit {
  journey: Journey
  /** The shop's secret makes the client: one card, another account for each visit. */
  secret: string
  purchaseId: PurchaseId
  /** The purchase whose credit a spend lives on. */
  earlierPurchaseId: PurchaseId
  requestId: RequestId
  /** A PaymentMethod of a card whose bank always asks. Stripe's test names make another one each time they are used. */
  askingCard: string
  holdMs: number
}

/**
 * What a victim does next: the client's errand until there is a definite answer; or, when the client never comes back,
 * sweeping until nothing is left to do.
 */
export interface Job {
  task: 'visit' | 'sweep'
  visit: Visit
  /** The point at which it kills itself, counted from 1; 0: nowhere. */
  killAt: number
}

/** The job came to its end. */
export interface JobEnd {
  outcome: string
  /** How many points it passed. */
  points: number
}

/** What the weather costs. */
export const PRICE_UNITS = 500
/** What a top-up brings. */
export const TOP_UP_UNITS = 50_000
