import { originsFor } from './origins.js'
import { createStripe, type Stripe } from './stripe.js'

// Only while a classic script runs is it the current one.
const script = document.currentScript
const origins = originsFor(script instanceof HTMLScriptElement ? script.src : 'https://js.stripe.com')

/** A plain function: the loader calls it without `new`, some pages with. */
function StripeConstructor(key: unknown, options?: unknown): Stripe {
  return createStripe(origins, key, options)
}

StripeConstructor.version = 'endive'

// A second script tag must not replace the instance that the page already works with.
if (!('Stripe' in window)) Object.assign(window, { Stripe: StripeConstructor })
