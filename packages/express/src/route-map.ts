import { ConfigurationError, type PriceOptions, type Stripe402 } from '@stripe402/server'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { asError } from './as-error.js'
import { checkRoutesAtStart } from './check-routes-at-start.js'
import { type Asked, type FindGate, gateFinder } from './gate-finder.js'
import { gate } from './payment-required.js'
import { indexesOf, methodsOf, readingsOf } from './route-readings.js'

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
 * rewrite, and with encoding, dots and double slashes undone once, and at a folder's index; at the method as it came and as
 * an override would have it. What cannot be decoded, or reads as two prices, is answered 400. Of several routes that match, the
 * first counts, as in Express.
 *
 * In a mounted router, paths may be written in full or from where it is mounted. Warns when the server starts about routes
 * that nothing serves behind the map, or that something serves without it.
 *
 * @throws ConfigurationError for a key that is not `METHOD /path`, or that stands there twice.
 */
export function gateRoutes(stripe402: Stripe402, routes: RouteMap): RequestHandler {
  const priced = readRoutes(routes)
  const gated = priced.map((route) => [route, gate(stripe402, routes[route.key] ?? { price: 0 })] as const)
  const find = gateFinder(gated, notARoute)
  const findIndex = gateFinder(
    gated.filter(([{ path }]) => mayNameIndex(path)),
    notARoute,
  )
  const checkOnce = checkRoutesAtStart(gateRequest, priced, stripe402.settings.logger)

  function gateRequest(request: Request, response: Response, next: NextFunction): void {
    try {
      checkOnce(request.app)
    } catch (error) {
      // The logger's.
      next(asError(error))
      return
    }
    const found = gatesBefore({ request, response }, find, findIndex)
    if (found === null || found.size > 1)
      return void response.status(400).type('text').send('The path cannot be read.')
    const [handler] = found
    if (handler) handler(request, response, next)
    else next()
  }

  return gateRequest
}

/** The gates before every reading of a request; `null` when it cannot be read. */
function gatesBefore(asked: Asked, find: FindGate, findIndex: FindGate): Set<RequestHandler> | null {
  const { originalUrl, baseUrl, url } = asked.request
  const methods = methodsOf(asked.request)
  const readings = readingsOf([originalUrl, baseUrl + url])
  let found = findAll(asked, find, { methods, readings })
  if (found?.size !== 0) return found
  const inner = baseUrl === '' ? readings : readingsOf([url])
  if (baseUrl !== '') found = findAll(asked, find, { methods, readings: inner })
  if (found?.size !== 0 || !readings || !inner) return found
  return findAll(asked, findIndex, { methods, readings: indexesOf(new Set([...readings, ...inner])) })
}

function findAll(
  asked: Asked,
  find: FindGate,
  { methods, readings }: { methods: ReadonlySet<string>; readings: Iterable<string> | null },
): Set<RequestHandler> | null {
  const found = new Set<RequestHandler>()
  for (const reading of readings ?? [])
    for (const method of methods) {
      const handler = find(asked, method, reading)
      if (handler === null) return null
      if (handler) found.add(handler)
    }
  return readings && found
}

/** A parameter stands for whatever an app makes of it, and would take the index for a page: `/articles/` for an article. */
function mayNameIndex(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/'))
  return !name.includes(':') || name.includes('*')
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
