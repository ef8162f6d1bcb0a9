import { HEADERS } from '@stripe402/core'
import { ConfigurationError } from '@stripe402/server'
import type { RequestHandler, Response } from 'express'
import { exposeHeaders } from './paid-headers.js'

/** Which pages of other origins may pay here. */
export interface CorsOptions {
  /** Whole origins, such as `https://app.example.com`. */
  origins: readonly string[]
  /** Request headers that your API takes besides `payment` and `content-type`. */
  headers?: readonly string[]
  /** Whether cookies may come along. Default false: a payment needs none. */
  credentials?: boolean
  /** How long a browser may remember the answer to a preflight. Default 600,000. */
  maxAgeMs?: number
}

/** A bare origin: scheme, host and port. */
const ORIGIN = /^https?:\/\/[^\s/?#@*]+$/

/**
 * Lets pages of the listed origins pay and read what it came to: answers preflights for the `payment` header, and exposes
 * the headers of answers. Other origins get nothing, and whatever else the app says about them stands.
 *
 * @throws ConfigurationError for what is no origin; a wildcard would let any site spend with what it has got hold of.
 */
export function cors({
  origins,
  headers = [],
  credentials = false,
  maxAgeMs = 600_000,
}: CorsOptions): RequestHandler {
  for (const origin of origins)
    if (!ORIGIN.test(origin))
      throw new ConfigurationError(
        'origins',
        `"${origin}" is not an origin; write it as https://app.example.com`,
      )
  const allowed = new Set(origins)
  const allowedHeaders = [HEADERS.PAYMENT, 'content-type', ...headers].join(', ')

  function allow(response: Response, origin: string): void {
    response.setHeader('access-control-allow-origin', origin)
    if (credentials) response.setHeader('access-control-allow-credentials', 'true')
    exposeHeaders(response)
  }

  return (request, response, next) => {
    // Also for an origin that is not listed: what is cached for one is not for the other.
    response.vary('Origin')
    const { origin } = request.headers
    if (origin === undefined || !allowed.has(origin)) return next()
    allow(response, origin)
    const method = request.headers['access-control-request-method']
    if (request.method !== 'OPTIONS' || method === undefined) return next()
    response.setHeader('access-control-allow-methods', method)
    response.setHeader('access-control-allow-headers', allowedHeaders)
    response.setHeader('access-control-max-age', String(Math.floor(maxAgeMs / 1000)))
    response.vary('Access-Control-Request-Method, Access-Control-Request-Headers')
    response.status(204).end()
  }
}
