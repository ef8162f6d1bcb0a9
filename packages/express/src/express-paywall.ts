import type { PriceOptions, Stripe402 } from '@stripe402/server'
import type { RequestHandler } from 'express'
import { type CorsOptions, cors } from './cors.js'
import { gate } from './payment-required.js'
import { gateRoutes, type RouteMap } from './route-map.js'
import { wellKnown } from './well-known.js'

/** The engine in Express's terms. */
export interface ExpressPaywall {
  /** Serves `/.well-known/stripe402/{webhook,balance,top-up}`; mount it before body parsers. */
  router(): RequestHandler
  /** Gates the handler or router behind it. */
  paymentRequired(options: PriceOptions): RequestHandler
  /** Lets pages of other origins pay here; mount it before everything else. */
  cors(options: CorsOptions): RequestHandler
  /** Gates routes by a map of `METHOD /path`; mount it before the handlers. */
  routes(map: RouteMap): RequestHandler
}

/**
 * Adapts an engine to Express 4 and 5.
 *
 * @example
 * ```ts
 * const paywall = expressPaywall(stripe402)
 * app.use(paywall.router())
 * app.get('/x', paywall.paymentRequired({ price: '$0.05', description: 'Weather' }), handler)
 * ```
 */
export function expressPaywall(stripe402: Stripe402): ExpressPaywall {
  return {
    router: () => wellKnown(stripe402),
    paymentRequired: (options) => gate(stripe402, options),
    cors,
    routes: (map) => gateRoutes(stripe402, map),
  }
}

// Here, because every importer of the package loads these types.
declare global {
  namespace Express {
    interface Request {
      /** Set while a paid handler runs: who paid, what was charged and what is left. Amounts in units. */
      payment?: import('@stripe402/server').PaymentInfo
    }
  }
}
