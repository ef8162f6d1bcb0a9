import type { PriceOptions, Stripe402 } from '@stripe402/server'
import type { Request, RequestHandler, Response } from 'express'
import { paidRequestOf } from './express-request.js'
import { sendAnswer } from './send-answer.js'
import { settleOnResponse } from './settle-on-response.js'
import { checkTrustProxy } from './trust-proxy.js'

/** How many gates a request has passed: a paid router's, then a paid route's. */
const granted = new WeakMap<Request, number>()

/**
 * Stands in front of a handler or router and lets only paid requests through.
 *
 * @throws ConfigurationError at start-up for a price that cannot work.
 */
export function gate(stripe402: Stripe402, options: PriceOptions): RequestHandler {
  const tag = stripe402.priceTag(options)
  return async (request, response, next) => {
    const connection = watchConnection(response)
    checkTrustProxy(request, stripe402.settings.logger)
    try {
      const pricesBefore = granted.get(request) ?? 0
      const authorization = await stripe402.authorize({ ...paidRequestOf(request), pricesBefore }, tag)
      if (authorization.type === 'refused') {
        sendAnswer(response, authorization.answer)
        return
      }
      if (authorization.type === 'granted') {
        if (connection.isGone()) {
          await authorization.grant.release()
          return
        }
        granted.set(request, pricesBefore + 1)
        request.payment = authorization.grant.info
        settleOnResponse(response, authorization.grant)
      }
    } catch (error) {
      next(error)
      return
    }
    next()
  }
}

/** Listens before anything is awaited: a client that leaves while we ask the store would otherwise be missed. */
function watchConnection(response: Response): { isGone(): boolean } {
  let isGone = response.closed
  response.once('close', () => {
    isGone = true
  })
  return { isGone: () => isGone }
}
