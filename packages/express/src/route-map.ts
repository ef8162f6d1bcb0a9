import { ConfigurationError, type PriceOptions, type Stripe402 } from '@stripe402/server'
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { asError } from './as-error.js'
import { checkRoutesAtStart } from './check-routes-at-start.js'
import { gate } from './payment-required.js'
import { methodsOf, tidyPath } from './route-readings.js'

/** Prices by method and path, such as `{ 'GET /api/joke': { price: 100 } }`. `ALL` stands for every method. */
export type RouteMap = Readonly<Record<string, PriceOptions>>

const METHODS = ['all', 'get', 'head', 'post', 'put', 'patch', 'delete'] as const

/** A key of a map, taken apart. */
export interface PricedRoute {
  method: (typeof METHODS)[number]
  path: string
  key: string
}

/**
 * Gates every route of a map, before any handler.
 *
 * Matches with Express's own matcher, without regard to case or trailing slash whatever the app's routers do: gating
 * a path that no handler serves costs nothing, missing one gives it away. Looks at the path as it came, as it is after a
 * rewrite, and with encoding, dots and double slashes undone once; at the method as it came and as an override would have
 * it. What cannot be decoded, or reads as two prices, is answered 400. Of several routes that match, the first counts, as
 * in Express.
 *
 * In a mounted router, paths may be written in full or from where it is mounted. Warns when the server starts about routes
 * that nothing serves behind the map, or that something serves without it.
 *
 * @throws ConfigurationError for a key that is not `METHOD /path`, or that stands there twice.
 */
export function gateRoutes(stripe402: Stripe402, routes: RouteMap): RequestHandler {
  const router = express.Router({ caseSensitive: false, strict: false })
  const gates = new WeakMap<Request, RequestHandler>()
  for (const { method, path, key } of readRoutes(routes)) {
    const handler = gate(stripe402, routes[key] ?? { price: 0 })
    try {
      router[method](path, (probe) => {
        gates.set(probe, handler)
      })
    } catch (error) {
      throw notARoute(key, error instanceof Error ? `: ${error.message}` : '')
    }
  }

  /** Asks Express's router which gate stands before a path; it answers synchronously. `null`: it could not tell. */
  function find(asked: Asked, method: string, url: string): RequestHandler | undefined | null {
    const own = (value: unknown): PropertyDescriptor => ({ value, writable: true })
    const probe: Request = Object.create(asked.request, {
      // Express answers OPTIONS by itself. Like TRACE it is gated by ALL only.
      method: own(method === 'OPTIONS' ? 'TRACE' : method),
      url: own(url),
      originalUrl: own(url),
      baseUrl: own(''),
      params: own({}),
    })
    let isUnreadable = false
    router(probe, asked.response, (error?: unknown) => {
      isUnreadable = Boolean(error)
    })
    return isUnreadable ? null : gates.get(probe)
  }

  /** The gates before every reading of the URLs; `null` when one cannot be read. */
  function findAll(asked: Asked, urls: string[]): Set<RequestHandler> | null {
    const found = new Set<RequestHandler>()
    const readings = new Set<string>()
    for (const url of new Set(urls)) {
      const tidied = tidyPath(url)
      if (tidied === null) return null
      readings.add(url).add(tidied)
    }
    for (const method of methodsOf(asked.request))
      for (const reading of readings) {
        const handler = find(asked, method, reading)
        if (handler === null) return null
        if (handler) found.add(handler)
      }
    return found
  }

  const checkOnce = checkRoutesAtStart(gateRequest, readRoutes(routes), stripe402.settings.logger)

  function gateRequest(request: Request, response: Response, next: NextFunction): void {
    try {
      checkOnce(request.app)
    } catch (error) {
      // The logger's.
      next(asError(error))
      return
    }
    const { originalUrl, baseUrl, url } = request
    const asked = { request, response }
    let found = findAll(asked, [originalUrl, baseUrl + url])
    if (found?.size === 0 && baseUrl !== '') found = findAll(asked, [url])
    if (found === null || found.size > 1)
      return void response.status(400).type('text').send('The path cannot be read.')
    const [handler] = found
    if (handler) handler(request, response, next)
    else next()
  }

  return gateRequest
}

interface Asked {
  request: Request
  response: Response
}

/** @throws ConfigurationError for a key that is no route, and for two keys that Express may take for one. */
function readRoutes(routes: RouteMap): PricedRoute[] {
  const seen = new Map<string, string>()
  return Object.keys(routes).map((key) => {
    const [, name = '', path = ''] = /^([A-Za-z]+)\s+(\/\S*)$/.exec(key.trim()) ?? []
    const method = METHODS.find((known) => known === name.toLowerCase())
    if (method === undefined) throw notARoute(key)
    const route = `${method} ${path.toLowerCase().replace(/(?<=.)\/$/, '')}`
    const twin = seen.get(route)
    if (twin !== undefined)
      throw new ConfigurationError(
        'routes',
        `"${twin}" and "${key}" are one route to Express unless every router minds case and slashes; ` +
          'put paymentRequired before their handlers instead',
      )
    seen.set(route, key)
    return { method, path, key }
  })
}

function notARoute(route: string, why = ''): ConfigurationError {
  return new ConfigurationError(
    'routes',
    `"${route}" is not a route; write it as 'GET /api/joke' (or ALL, POST, …)${why}`,
  )
}
