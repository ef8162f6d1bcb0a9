import type { Stripe } from '@stripe/stripe-js'

/** Makes a Stripe instance for a publishable key; the shape of `loadStripe` of `@stripe/stripe-js`. */
export type LoadStripe = (publishableKey: string) => Promise<Stripe | null>

/** Stripe.js did not come: blocked, offline or too slow. */
export class StripeUnavailableError extends Error {
  readonly code = 'stripe_unavailable'

  constructor(options?: ErrorOptions) {
    super('Stripe.js could not be loaded: an extension, a firewall or a policy may block it.', options)
    this.name = 'StripeUnavailableError'
  }
}
