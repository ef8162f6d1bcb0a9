import type { Stripe } from '@stripe/stripe-js'
import { stripeFor } from './load-stripe.js'
import type { LoadStripe } from './stripe-unavailable-error.js'

/** What the page may put in the place of our own loading of Stripe.js. */
export interface InjectedStripe {
  stripe: Stripe | null | undefined
  loadStripe: LoadStripe | null | undefined
}

/**
 * One Stripe instance per publishable key, kept for the life of the page: Stripe warns about a second one.
 *
 * @throws `StripeUnavailableError` (in the promise), after which the next call tries again
 */
export function stripeSource(injected: InjectedStripe): (publishableKey: string) => Promise<Stripe> {
  const instances = new Map<string, Promise<Stripe>>()
  return (publishableKey) => {
    if (injected.stripe) return Promise.resolve(injected.stripe)
    const known = instances.get(publishableKey)
    if (known) return known
    const loading = stripeFor(publishableKey, injected.loadStripe ?? undefined)
    instances.set(publishableKey, loading)
    loading.catch(() => instances.delete(publishableKey))
    return loading
  }
}
