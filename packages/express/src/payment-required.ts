import type { PriceOptions, Stripe402 } from '@stripe402/server'
import type { RequestHandler } from 'express'
import { asError } from './as-error.js'
import { paidRequestOf } from './express-request.js'
import { extendExpress } from './extend-express.js'
import { sendAnswer } from './send-answer.js'
import { keepHook, settleOnResponse } from './settle-on-response.js'
import { findSettlement, type Gate, type Settlement, watchClient } from './settlement.js'
import { checkTrustProxy } from './trust-proxy.js'

/**
 * Stands in front of a handler or router and lets only paid requests through.
 *
 * @throws ConfigurationError at start-up for a price that cannot work.
 */
export function gate(stripe402: Stripe402, options: PriceOptions): RequestHandler {
  const tag = stripe402.priceTag(options)
  extendExpress()
  const self: Gate = { sharedHook: 'unknown' }
  // By its name the check at start-up knows it.
  return async function paymentRequired(request, response, next) {
    let settlement: Settlement | null = null
    try {
      checkTrustProxy(request, stripe402.settings.logger)
      const paidRequest = paidRequestOf(request, findSettlement(response)?.grants.length)
      const authorization = await stripe402.authorize(paidRequest, tag)
      if (authorization.type === 'refused') {
        sendAnswer(response, authorization.answer)
        return
      }
      if (authorization.type === 'granted') {
        const { grant } = authorization
        // Its client has left while we asked the store.
        if (response.destroyed) return await grant.release()
        settlement = settleOnResponse({ request, response }, grant, self)
        // Something else has answered, a time limit perhaps: nobody would pay for what the handler does now.
        if (settlement === null) return
      }
    } catch (error) {
      next(asError(error))
      return
    }
    try {
      next()
    } finally {
      if (settlement) {
        keepHook(request, response, settlement)
        watchClient(response, settlement)
      }
    }
  }
}
