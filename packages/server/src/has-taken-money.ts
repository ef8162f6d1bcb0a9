import Stripe from 'stripe'
import type { Settings } from './settings.js'
import type { StripeApi } from './stripe-api.js'
import { payerOf } from './stripe-gateway.js'

/** Most objects that Stripe gives at once. */
const PAGE = 100

/**
 * Whether a card was ever charged under one of our issuers.
 *
 * Looks at the latest PaymentIntents first, which are never out of date, then searches the rest, which may lag by
 * minutes but is one request. Where search is not available (https://docs.stripe.com/search#limits), lists them all.
 */
export async function hasTakenMoney(
  settings: Settings,
  stripe: StripeApi = settings.stripe,
): Promise<boolean> {
  let seen = 0
  for await (const intent of stripe.paymentIntents.list({ limit: PAGE }, optionsOf(settings))) {
    if (intent.status === 'succeeded' && payerOf(intent, settings) !== null) return true
    seen += 1
    const isFound = seen === PAGE ? await searchForMoney(settings, stripe) : null
    if (isFound !== null) return isFound
  }
  return false
}

/** Null where search is not available. */
async function searchForMoney(settings: Settings, stripe: StripeApi): Promise<boolean | null> {
  try {
    for (const issuer of settings.issuers) {
      const query = `status:"succeeded" AND metadata["issuer"]:"${issuer}"`
      for await (const _intent of stripe.paymentIntents.search({ query, limit: 1 }, optionsOf(settings)))
        return true
    }
    return false
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return null
    throw error
  }
}

function optionsOf(settings: Settings): Stripe.RequestOptions {
  return { timeout: settings.stripeTimeoutMs, maxNetworkRetries: 1 }
}
