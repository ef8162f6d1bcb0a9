import { createStripe402FromEnvironment, type PriceOptions, type Stripe402 } from '@stripe402/server'
import type { RequestHandler } from 'express'
import { gate } from './payment-required.js'
import { wellKnown } from './well-known.js'

let shared: Stripe402 | undefined

/** One engine per process, made when the first route asks for it, so that importing the package needs no settings. */
function fromEnvironment(): Stripe402 {
  shared ??= createStripe402FromEnvironment(process.env)
  return shared
}

/**
 * Gates a handler or router, configured by environment variables.
 *
 * @throws ConfigurationError at start-up, naming the variable that is missing or weak.
 * @example
 * ```ts
 * app.get('/api/weather', paymentRequired({ price: 100 }), handler) // 100 units = $0.01
 * ```
 */
export function paymentRequired(options: PriceOptions): RequestHandler {
  return gate(fromEnvironment(), options)
}

/** The `/.well-known/stripe402` endpoints of the same engine: balance, top-up, and the webhook for closed tabs. */
export function paymentEndpoints(): RequestHandler {
  return wellKnown(fromEnvironment())
}
