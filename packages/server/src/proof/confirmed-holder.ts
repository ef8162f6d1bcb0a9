import type Stripe from 'stripe'

/**
 * A card in it is a device's own number, which its bank gave to the holder. In Google Pay it may be the plain number that
 * somebody has put into a Google account, and in Link it is a card as any other.
 */
const DEVICE_WALLET = 'apple_pay'

/**
 * Whether a check that charged nothing has shown whoever passed it to be the card's holder. That the issuer accepted the card
 * does not: to many a number and its date are enough for that, where nothing is charged. So: by 3-D Secure, by the security code, or by a
 * device wallet. A wrong code that an issuer lets pass, and one that it did not look at, show nothing.
 */
export function isHolderConfirmed({ status, latest_attempt: attempt }: Stripe.SetupIntent): boolean {
  if (status !== 'succeeded' || attempt === null || typeof attempt === 'string') return false
  const { checks, three_d_secure: secure, wallet } = attempt.payment_method_details.card ?? {}
  return secure?.result === 'authenticated' || checks?.cvc_check === 'pass' || wallet?.type === DEVICE_WALLET
}

/**
 * Whether the issuer has accepted the card and said nothing about the security code that came with it: nobody has been shown to
 * be its holder, nor to have guessed.
 */
export function isCodeUnheard({ status, latest_attempt: attempt }: Stripe.SetupIntent): boolean {
  if (status !== 'succeeded' || attempt === null || typeof attempt === 'string') return false
  const heard = attempt.payment_method_details.card?.checks?.cvc_check
  return heard === 'unavailable' || heard === 'unchecked'
}
