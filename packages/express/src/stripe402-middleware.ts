import { createStripe402, type Store } from '@stripe402/server'
import type { RequestHandler } from 'express'
import { gateRoutes } from './route-map.js'

/** A paid route as the original describes it. Amounts in units. */
export interface RouteConfig {
  amount: number
  currency?: string
  minTopUp?: number
  description?: string
}

/** The original's configuration. */
export interface Stripe402ServerConfig {
  stripeSecretKey: string
  stripePublishableKey: string
  /** At least 32 bytes. */
  serverSecret: string
  store: Store
  /** `METHOD /path` to price. */
  routes: Readonly<Record<string, RouteConfig>>
  /** Another origin than https://api.stripe.com, for tests. */
  stripeApiBase?: string
}

/**
 * Drop-in for code written for the original: the same configuration, charged once.
 *
 * @throws ConfigurationError at start-up for a setting that is missing or weak.
 */
export function stripe402Middleware(config: Stripe402ServerConfig): RequestHandler {
  const stripe402 = createStripe402({
    stripe: { secretKey: config.stripeSecretKey, apiBase: config.stripeApiBase },
    publishableKey: config.stripePublishableKey,
    secret: config.serverSecret,
    store: config.store,
  })
  const priced = Object.entries(config.routes).map(([route, { amount, ...rest }]) => [
    route,
    { price: amount, ...rest },
  ])
  return gateRoutes(stripe402, Object.fromEntries(priced))
}
