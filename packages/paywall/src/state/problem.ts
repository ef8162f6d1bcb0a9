import type { PaymentRequired } from '@stripe402/core'

/** Why the last try did not work, as far as the person is concerned. */
export type Problem =
  /** The bank said no. `code` is Stripe's decline or error code. */
  | { readonly kind: 'declined'; readonly code: string }
  | { readonly kind: 'authentication-failed' }
  /** Stripe's own words about the form, already in the person's language. */
  | { readonly kind: 'card'; readonly message: string }
  /** Something is missing in the card form; Stripe has marked it there. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'amount-refused' }
  | { readonly kind: 'rate-limited' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'frozen' }
  /** Credit was to pay, and nobody has told whether it has. */
  | { readonly kind: 'maybe-spent' }
  /** Stripe takes nothing from this seller: their keys, their account or their currency. */
  | { readonly kind: 'seller-at-fault' }
  /** More than Stripe takes at once. */
  | { readonly kind: 'unpayable' }
  | { readonly kind: 'other-problem' }

/** The problem that a repeated challenge tells of, or `undefined` for a first challenge. */
export function problemOf(challenge: PaymentRequired): Problem | undefined {
  const { error, decline } = challenge
  if (decline?.code === 'authentication_failed') return { kind: 'authentication-failed' }
  if (error === undefined || error === 'insufficient_credits' || error === 'proof_required') return undefined
  if (decline) return { kind: 'declined', code: decline.code }
  return problemForCode(error)
}

/** A problem that its kind says all about. Each is said by the text of the same name. */
type PlainKind = Exclude<Problem['kind'], 'declined' | 'card'>

const KINDS: Readonly<Record<string, PlainKind>> = {
  authentication_required: 'authentication-failed',
  top_up_below_minimum: 'amount-refused',
  top_up_above_maximum: 'amount-refused',
  rate_limited: 'rate-limited',
  network: 'offline',
  unavailable: 'unavailable',
  seller_misconfigured: 'seller-at-fault',
  account_frozen: 'frozen',
}

/** The problem behind an error code of the wire or of the client. */
export function problemForCode(code: string): Problem {
  if (code === 'card_declined') return { kind: 'declined', code: 'generic_decline' }
  return { kind: (Object.hasOwn(KINDS, code) ? KINDS[code] : undefined) ?? 'other-problem' }
}
