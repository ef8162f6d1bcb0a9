import Stripe from 'stripe'
import { ConfigurationError } from './configuration-error.js'

/** How to reach Stripe, when the seller has no `Stripe` instance of their own. */
export interface StripeConnection {
  /** `sk_…` or a restricted `rk_…`. */
  secretKey: string
  /** Another origin than https://api.stripe.com, for tests. */
  apiBase?: string | undefined
}

/**
 * A client for Stripe's API.
 *
 * @throws {@link ConfigurationError} for a key that is no secret key, or one of another mode than the publishable key.
 */
export function stripeClient(stripe: Stripe | StripeConnection, publishableKey: string): Stripe {
  if (typeof stripe !== 'object' || stripe === null)
    throw new ConfigurationError(
      'stripe',
      'charges cards and is missing; give a Stripe instance or { secretKey }.',
    )
  if (!('secretKey' in stripe)) return stripe
  const { secretKey, apiBase } = stripe
  const [, mode] = /^(?:sk|rk)_(test|live)_/.exec(secretKey ?? '') ?? []
  if (mode === undefined)
    throw new ConfigurationError(
      'stripe.secretKey',
      'must be the secret key of your Stripe account (sk_test_… or sk_live_…).',
    )
  if (!publishableKey.startsWith(`pk_${mode}_`))
    throw new ConfigurationError(
      'publishableKey',
      `is not a pk_${mode}_… key, but the secret key is of ${mode} mode; take both from one place.`,
    )
  const url = apiBase !== undefined && URL.canParse(apiBase) ? new URL(apiBase) : null
  if (apiBase !== undefined && !/^https?:$/.test(url?.protocol ?? ''))
    throw new ConfigurationError('stripe.apiBase', `"${apiBase}" is not an http(s) URL.`)
  return new Stripe(secretKey, {
    appInfo: { name: 'stripe402', url: 'https://github.com/stripe402/stripe402' },
    ...(url && {
      host: url.hostname,
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      protocol: url.protocol === 'https:' ? 'https' : 'http',
      telemetry: false,
    }),
  })
}
