/** Every `error` a server answers with, and its HTTP status. */
export const ERROR_STATUS = {
  invalid_payment: 402,
  insufficient_credits: 402,
  top_up_below_minimum: 402,
  top_up_above_maximum: 402,
  card_declined: 402,
  authentication_required: 402,
  payment_failed: 402,
  unsupported_currency: 402,
  proof_required: 402,
  account_frozen: 403,
  payment_pending: 409,
  rate_limited: 429,
  unavailable: 503,
  seller_misconfigured: 503,
} as const

/** A machine-readable reason. Switch on it; show the message beside it to a person. */
export type ErrorCode = keyof typeof ERROR_STATUS

/** RFC 9457 titles: short, the same for every occurrence of a code. */
export const ERROR_TITLE: Readonly<Record<ErrorCode, string>> = {
  invalid_payment: 'The payment header cannot be used',
  insufficient_credits: 'Not enough credit',
  top_up_below_minimum: 'The top-up is too small',
  top_up_above_maximum: 'The top-up is too large',
  card_declined: 'The card was declined',
  authentication_required: 'The bank asks for confirmation',
  payment_failed: 'The payment did not go through',
  unsupported_currency: 'The currency is not accepted here',
  proof_required: 'More proof of identity is needed',
  account_frozen: 'The account is frozen',
  payment_pending: 'The outcome of the payment is not known yet',
  rate_limited: 'Too many attempts',
  unavailable: 'Payments are unavailable for the moment',
  seller_misconfigured: 'The seller cannot take payments',
}

/** Whether a text is one of the codes above. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_STATUS, text)
}
