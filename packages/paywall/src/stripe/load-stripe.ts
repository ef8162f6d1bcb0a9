import type { Stripe } from '@stripe/stripe-js'
import { type LoadStripe, StripeUnavailableError } from './stripe-unavailable-error.js'

/** How long Stripe.js may take. Its loader can wait for ever for a script tag that failed before it looked. */
const STRIPE_TIMEOUT_MS = 10_000

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

/**
 * Brings what loads Stripe.js, and nothing of Stripe yet. The `pure` entry: the main one adds Stripe's script to the page
 * as soon as it is imported.
 */
export const importLoader = (): Promise<typeof import('@stripe/stripe-js/dist/pure.mjs')> =>
  import('@stripe/stripe-js/dist/pure.mjs')

const loadFromStripe: LoadStripe = async (publishableKey) => (await importLoader()).loadStripe(publishableKey)
