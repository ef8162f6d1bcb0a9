import { say } from '../localization/say.js'
import type { MessageId } from '../localization/translation.js'
import type { Problem } from '../state/problem.js'

// https://docs.stripe.com/declines/codes . Codes that say something about the cardholder (lost, stolen, fraudulent, …)
// are missing on purpose: the person who types may not be the cardholder.
const DECLINES: Readonly<Record<string, MessageId>> = {
  insufficient_funds: 'insufficient-funds',
  expired_card: 'expired',
  invalid_expiry_month: 'expired',
  invalid_expiry_year: 'expired',
  incorrect_cvc: 'wrong-cvc',
  invalid_cvc: 'wrong-cvc',
  incorrect_number: 'wrong-number',
  invalid_number: 'wrong-number',
  card_velocity_exceeded: 'card-limit',
  withdrawal_count_limit_exceeded: 'card-limit',
  processing_error: 'processing-error',
  try_again_later: 'processing-error',
  incorrect_zip: 'wrong-postal-code',
  amount_too_small: 'amount-refused',
  card_not_usable: 'card-unsupported',
  card_not_supported: 'card-unsupported',
  currency_not_supported: 'card-unsupported',
}

/** Problems whose own words leave out that nothing was charged. */
const UNSAID: ReadonlySet<Problem['kind']> = new Set(['rate-limited', 'amount-refused', 'frozen'])

/** A problem in plain words: that nothing was charged, why, and the next step. */
export function problemText(problem: Problem): string {
  if (problem.kind === 'card') return say('not-charged', problem.message || say('generic-decline'))
  if (problem.kind !== 'declined') {
    const text = say(problem.kind)
    return UNSAID.has(problem.kind) ? say('not-charged', text) : text
  }
  const known = Object.hasOwn(DECLINES, problem.code) ? DECLINES[problem.code] : undefined
  return say('not-charged', say(known ?? 'generic-decline'))
}
