import type { Stripe } from '@stripe/stripe-js'
import { type LoadStripe, StripeUnavailableError } from './stripe-unavailable-error.js'

/**
 * How long Stripe.js, and then its form, may take. Its loader can wait for ever for a script tag that failed before it
 * looked, and a frame that is held back tells nothing.
 */
const STRIPE_TIMEOUT_MS = 10_000

/**
 * Loads Stripe.js, giving up after {@link STRIPE_TIMEOUT_MS}.
 *
 * @throws {@link StripeUnavailableError} when it does not come; calling again tries again
 */
export async function stripeFor(
  publishableKey: string,
  load: LoadStripe = loadFromStripe,
  timeoutMs?: number,
): Promise<Stripe> {
  const stripe = await inTime(load(publishableKey), timeoutMs).catch((cause) => {
    throw new StripeUnavailableError({ cause })
  })
  if (!stripe) throw new StripeUnavailableError()
  return stripe
}

/**
 * What Stripe gives, unless it takes longer than {@link STRIPE_TIMEOUT_MS}.
 *
 * @throws {@link StripeUnavailableError} when it does
 */
export async function inTime<T>(given: Promise<T>, timeoutMs: number = STRIPE_TIMEOUT_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StripeUnavailableError()), timeoutMs)
  })
  try {
    return await Promise.race([given, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Brings what loads Stripe.js, and nothing of Stripe yet. The `pure` entry: the main one adds Stripe's script to the page
 * as soon as it is imported.
 */
export const importLoader = (): Promise<typeof import('@stripe/stripe-js/dist/pure.mjs')> =>
  import('@stripe/stripe-js/dist/pure.mjs')

const loadFromStripe: LoadStripe = async (publishableKey) => (await importLoader()).loadStripe(publishableKey)
