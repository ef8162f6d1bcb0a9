import type Stripe from 'stripe'

/** A card in one of these is a device's own number, which its bank gave to the holder. In `link` it is a card as any other. */
const DEVICE_WALLETS: ReadonlySet<string> = new Set(['apple_pay', 'google_pay', 'samsung_pay'])

/**
 * Whether a check that charged nothing has shown whoever passed it to be the card's holder. That the issuer accepted the card
 * does not: to many a number and its date are enough for that, where nothing is charged. So: by 3-D Secure, by the security code, or by a
 * device wallet. A wrong code that an issuer lets pass, and one that it did not look at, show nothing.
 */
export function isHolderConfirmed({ status, latest_attempt: attempt }: Stripe.SetupIntent): boolean {
  if (status !== 'succeeded' || attempt === null || typeof attempt === 'string') return false
  const { checks, three_d_secure: secure, wallet } = attempt.payment_method_details.card ?? {}
  return (
    secure?.result === 'authenticated' ||
    checks?.cvc_check === 'pass' ||
    (wallet ? DEVICE_WALLETS.has(wallet.type) : false)
  )
}
