import type { Stripe } from '@stripe/stripe-js'

/** Makes a Stripe instance for a publishable key; the shape of `loadStripe` of `@stripe/stripe-js`. */
export type LoadStripe = (publishableKey: string) => Promise<Stripe | null>

/** How long Stripe.js may take. Its loader can wait for ever for a script tag that failed before it looked. */
const STRIPE_TIMEOUT_MS = 10_000

/** Stripe.js did not come: blocked, offline or too slow. */
export class StripeUnavailableError extends Error {
  readonly code = 'stripe_unavailable'

  constructor(options?: ErrorOptions) {
    super(
      'Stripe.js could not be loaded: it may be blocked by an extension, a firewall or a policy.',
      options,
    )
    this.name = 'StripeUnavailableError'
  }
}

/**
 * Loads Stripe.js, giving up after {@link STRIPE_TIMEOUT_MS}.
 *
 * @throws {@link StripeUnavailableError} when it does not come; calling again tries again
 */
export async function stripeFor(
  publishableKey: string,
  load: LoadStripe = loadFromStripe,
  timeoutMs: number = STRIPE_TIMEOUT_MS,
): Promise<Stripe> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, null)
  })
  try {
    const stripe = await Promise.race([load(publishableKey), timeout])
    if (stripe) return stripe
  } catch (cause) {
    throw new StripeUnavailableError({ cause })
  } finally {
    clearTimeout(timer)
  }
  throw new StripeUnavailableError()
}

/** The `pure` entry: the main one adds Stripe's script to the page as soon as it is imported. */
const loadFromStripe: LoadStripe = async (publishableKey) => {
  const { loadStripe } = await import('@stripe/stripe-js/dist/pure.mjs')
  return loadStripe(publishableKey)
}
