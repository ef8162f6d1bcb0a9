import type { PaymentRequired } from '@stripe402/core'

/** Why the last try did not work, as far as the person is concerned. */
export type Problem =
  /** The bank said no. `code` is Stripe's decline or error code, `advice` what the seller's server suggests. */
  | { readonly kind: 'declined'; readonly code: string; readonly advice: string }
  | { readonly kind: 'authentication-failed' }
  /** Stripe's own words about the form, already in the person's language. */
  | { readonly kind: 'card'; readonly message: string }
  | { readonly kind: 'amount-refused' }
  | { readonly kind: 'rate-limited' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'frozen' }
  /** More than Stripe takes at once. */
  | { readonly kind: 'unpayable' }
  | { readonly kind: 'other' }

/** The problem that a repeated challenge tells of, or `undefined` for a first challenge. */
export function problemOf(challenge: PaymentRequired): Problem | undefined {
  const { error, decline } = challenge
  if (error === undefined || error === 'insufficient_credits' || error === 'proof_required') return undefined
  if (decline?.code === 'authentication_failed') return { kind: 'authentication-failed' }
  if (decline) return { kind: 'declined', code: decline.code, advice: decline.advice }
  return problemForCode(error)
}

/** The problem behind an error code of the wire or of the client. */
export function problemForCode(code: string): Problem {
  switch (code) {
    case 'card_declined':
      return { kind: 'declined', code: 'generic_decline', advice: '' }
    case 'authentication_required':
      return { kind: 'authentication-failed' }
    case 'top_up_below_minimum':
    case 'top_up_above_maximum':
      return { kind: 'amount-refused' }
    case 'rate_limited':
      return { kind: 'rate-limited' }
    case 'network':
      return { kind: 'offline' }
    case 'unavailable':
      return { kind: 'unavailable' }
    case 'account_frozen':
      return { kind: 'frozen' }
    default:
      return { kind: 'other' }
  }
}
