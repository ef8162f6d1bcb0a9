import type { ClientId, NextAction, PaymentRequired, PaymentResponse } from '@stripe402/core'
import type { SpendPolicy } from './policy.js'
import type { SavedCard } from './saved-card.js'

/** A new card payment: buy credit with this PaymentMethod and spend it on the waiting requests. */
export interface CardChoice {
  paymentMethodId: string
  /** Units to buy. The price, at least the seller's minimum, when absent. */
  topUpAmount?: number | undefined
  /** One of the currencies in `accepts`; the first one when absent. */
  currency?: string | undefined
  /** The person agrees that the seller keeps this card for the next time. Never without asking them. */
  saveCard?: boolean | undefined
}

/** The same with the card that the seller keeps: see {@link PaymentContext.savedCard}. */
export interface SavedCardChoice {
  savedCard: true
  /** Units to buy: what the person has seen. */
  topUpAmount: number
  currency?: string | undefined
}

/** Spend credit that is already there. Answers `reason: 'confirm'` and restores an account kept elsewhere. */
export interface CreditChoice {
  clientId: ClientId
  currency?: string | undefined
}

/** What a payer decides to pay with. */
export type PaymentChoice = CardChoice | SavedCardChoice | CreditChoice

/**
 * Why the payer is asked. `confirm`: credit is there, but the price is above `policy.askAbove`. Whatever is answered but
 * `null` is a yes: credit pays, and a card only where credit does not.
 */
export type PaymentReason = 'payment' | 'confirm' | 'declined' | 'authentication'

/** One payment session of an origin: the same object in every call until it is settled. */
export interface PaymentContext {
  readonly id: string
  readonly origin: string
  /** The preferred currency of the challenge that opened the session. */
  readonly currency: string
  /** Absolute URL and method of the request that opened the session. */
  readonly url: string
  readonly method: string
  /** Aborted when no request waits any more: close the dialog. */
  readonly signal: AbortSignal
  /** 1 at first, one more after each definite refusal. */
  readonly attempt: number
  readonly reason: PaymentReason
  /** Credit in units as last heard; absent for a new client. */
  readonly balance?: number | undefined
  /** The remembered account, when there is one. */
  readonly clientId?: ClientId | undefined
  /** Asks the seller for the card that it keeps for this account; `null` when there is none. */
  savedCard(): Promise<SavedCard | null>
}

/** How a payment session stands. Only `pending` is followed by another outcome. */
export type PaymentOutcome =
  | { type: 'paid'; receipt: PaymentResponse | null; status: number }
  | { type: 'declined'; challenge: PaymentRequired }
  | { type: 'pending'; retryAfterMs: number }
  /** `isUnsure`: a card was sent and no answer tells what came of it, so that it may have been charged. */
  | { type: 'failed'; error: string; isUnsure?: true }
  | { type: 'cancelled' }

/**
 * Decides whether and how to pay: a person in front of a dialog, or a program with a budget.
 *
 * Called once for all requests of an origin and currency that wait at the same time, and again, with the same
 * context, after a refusal. `null`: do not pay; every waiting request gets its 402.
 */
export interface Payer {
  (challenge: PaymentRequired, context: PaymentContext): Promise<PaymentChoice | null>
  /**
   * Runs the bank's check (3-D Secure). Resolves when it has ended, whatever the outcome: the server is asked.
   * Without it, a card that needs the check cannot pay.
   */
  authenticate?(nextAction: NextAction, context: PaymentContext): Promise<void>
  /** Told how the session stands, so that a dialog can close or say so. */
  settled?(outcome: PaymentOutcome, context: PaymentContext): void
  /** How often one session may ask again after refusals. 5 when absent; 1 for a program. */
  attempts?: number
  /** Limits that this payer brings along, also for what credit pays; the client's own take their place. */
  readonly policy?: SpendPolicy
}
