import type { ErrorCode, NextAction, PurchaseId } from '@stripe402/core'
import type { AccountKey, HoldResult } from '../store.js'

/** The credit of an account, for somebody who may spend it. */
export interface ToldBalance {
  currency: string
  units: number
}

/** A no, with all that the answer needs. */
export interface Refusal {
  type: 'refused'
  error: ErrorCode
  /** Plain words for a person. */
  message: string
  nextAction?: NextAction
  decline?: { code: string; advice: string }
  balance?: ToldBalance
  retryAfterMs?: number
  /** Looks like a declined card to whoever sent it, and does not count as one. */
  isNoAttempt?: boolean
}

/** Money arrived for this purchase, now or earlier. */
export interface Paid {
  type: 'paid'
  account: AccountKey
  paymentIntentId: string
  purchaseId: PurchaseId
  /** This very request began the purchase: whoever sent it holds a card that was charged just now. */
  isOwn?: boolean
  /** Whether the card that was charged is the account's; absent where it has not been looked at. */
  isHolders?: boolean
  /** False where the card was to be kept and is not yet. */
  isKept?: boolean
}

/**
 * What a top-up came to. `sufficient`: somebody else's top-up of the same account covered the price meanwhile; the
 * hold is taken and nothing was charged.
 */
export type TopUpOutcome =
  | Paid
  | { type: 'sufficient'; account: AccountKey; hold: Extract<HoldResult, { type: 'held' | 'admitted' }> }
  | Refusal

/** The outcome is not known: money may have moved. The same purchase id finds out. */
export function pending(): Refusal {
  return {
    type: 'refused',
    error: 'payment_pending',
    message:
      'We do not know yet whether this payment went through. Do not pay again: ask once more in a moment.',
    retryAfterMs: 2000,
  }
}

/** The account may not spend, whatever is in it. */
export function accountFrozen(): Refusal {
  return {
    type: 'refused',
    error: 'account_frozen',
    message: 'This account is frozen because of a refund or a dispute. Ask the seller.',
  }
}

/** Whoever asks has not shown that the balance is theirs. The same words whatever is missing, and whatever is there. */
export function proofRequired(): Refusal {
  return {
    type: 'refused',
    error: 'proof_required',
    message:
      'This balance needs proof that it is yours. Use the device that you paid with, or a card that your bank confirms.',
  }
}

/** Stripe takes nothing from this seller: their key, their account or their currency. No other card would change it. */
export function sellerMisconfigured(): Refusal {
  return {
    type: 'refused',
    error: 'seller_misconfigured',
    message: 'The shop’s payment set-up is at fault, not your card. Nothing was charged; tell the shop.',
  }
}

/**
 * Nothing can be done right now. Moved money is no part of it, but what an earlier or a simultaneous request of the same
 * purchase did is not known either: so it does not say that nothing was charged.
 */
export function unavailable(): Refusal {
  return {
    type: 'refused',
    error: 'unavailable',
    message: 'Payments are unavailable for the moment. Try again shortly.',
    retryAfterMs: 5000,
  }
}
