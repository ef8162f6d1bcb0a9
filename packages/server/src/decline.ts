import type { Decline } from '@stripe402/core'

/** What a payer can do about a decline. */
type Advice = 'use_another_card' | 'check_details' | 'try_again' | 'contact_bank'

// https://docs.stripe.com/declines/codes says never to tell these to the payer.
const NEVER_TOLD = new Set(['lost_card', 'stolen_card', 'fraudulent', 'merchant_blacklist', 'pickup_card'])

const KNOWN: Readonly<Record<string, { advice: Advice; message: string }>> = {
  authentication_failed: {
    advice: 'try_again',
    message:
      'Your bank could not confirm that it is you. Nothing was charged; try again or use another card.',
  },
  card_velocity_exceeded: {
    advice: 'use_another_card',
    message: 'This card has reached its limit. Nothing was charged; use another card.',
  },
  expired_card: {
    advice: 'check_details',
    message: 'This card has expired. Nothing was charged; check the date or use another card.',
  },
  incorrect_cvc: {
    advice: 'check_details',
    message: 'The security code is not right. Nothing was charged; check it and try again.',
  },
  incorrect_number: {
    advice: 'check_details',
    message: 'The card number is not right. Nothing was charged; check it and try again.',
  },
  incorrect_zip: {
    advice: 'check_details',
    message: 'The postal code does not match the card. Nothing was charged; check it and try again.',
  },
  insufficient_funds: {
    advice: 'use_another_card',
    message: 'There is not enough money on this card. Nothing was charged; use another card.',
  },
  processing_error: {
    advice: 'try_again',
    message: 'The card could not be processed just now. Nothing was charged; try again.',
  },
  amount_too_small: {
    advice: 'use_another_card',
    message: 'The amount is too small for this card. Nothing was charged; choose a larger one.',
  },
  card_not_usable: {
    advice: 'use_another_card',
    message: 'This card cannot be used here. Nothing was charged; enter it again or use another card.',
  },
}

const GENERIC: Decline & { message: string } = {
  code: 'generic_decline',
  advice: 'use_another_card',
  message: 'Your bank declined the card. Nothing was charged; use another card or ask your bank.',
}

/** A decline in words and codes that a payer may see. `code` is Stripe's decline code, or its error code. */
export function describeDecline(code: string | undefined): Decline & { message: string } {
  const isTold = code !== undefined && !NEVER_TOLD.has(code) && Object.hasOwn(KNOWN, code)
  const known = isTold ? KNOWN[code] : undefined
  return isTold && known ? { code, ...known } : GENERIC
}
