import { posix } from 'node:path'
import { ConfigurationError, type PriceOptions, type Stripe402 } from '@stripe402/server'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { gate } from './payment-required.js'

/** Prices by method and path, such as `{ 'GET /api/joke': { price: 100 } }`. `ALL` stands for every method. */
export type RouteMap = Readonly<Record<string, PriceOptions>>

const METHODS = ['all', 'get', 'head', 'post', 'put', 'patch', 'delete'] as const
type Method = (typeof METHODS)[number]

/**
 * Gates every route of a map, before any handler.
 *
 * Matches with Express's own matcher, without regard to case or trailing slash whatever the app's routers do: gating
 * a path that no handler serves costs nothing, missing one gives it away. Looks at the path as it came, as it is after a
 * rewrite, and with encoding, dots and double slashes undone once. What cannot be decoded, or reads as two prices, is
 * answered 400. Of several routes that match, the first counts, as in Express.
 *
 * In a mounted router, paths may be written in full or from where it is mounted.
 *
 * @throws ConfigurationError for a key that is not `METHOD /path`.
 */
export function gateRoutes(stripe402: Stripe402, routes: RouteMap): RequestHandler {
  const router = express.Router({ caseSensitive: false, strict: false })
  const gates = new WeakMap<Request, RequestHandler>()
  for (const [route, options] of Object.entries(routes)) {
    const { method, path } = readRoute(route)
    const handler = gate(stripe402, options)
    try {
      router[method](path, (probe) => {
        gates.set(probe, handler)
      })
    } catch (error) {
      throw notARoute(route, error instanceof Error ? `: ${error.message}` : '')
    }
  }

  /** Asks Express's router which gate stands before a path; it answers synchronously. `null`: it could not tell. */
  function find(request: Request, response: Response, url: string): RequestHandler | undefined | null {
    const own = (value: unknown): PropertyDescriptor => ({ value, writable: true })
    const probe: Request = Object.create(request, {
      // Express answers OPTIONS by itself. Like TRACE it is gated by ALL only.
      method: own(request.method === 'OPTIONS' ? 'TRACE' : request.method),
      url: own(url),
      originalUrl: own(url),
      baseUrl: own(''),
      params: own({}),
    })
    let isUnreadable = false
    router(probe, response, (error?: unknown) => {
      isUnreadable = Boolean(error)
    })
    return isUnreadable ? null : gates.get(probe)
  }

  /** The gates before every reading of the URLs; `null` when one cannot be read. */
  function findAll(request: Request, response: Response, urls: string[]): Set<RequestHandler> | null {
    const found = new Set<RequestHandler>()
    for (const url of new Set(urls)) {
      const tidied = tidy(url)
      if (tidied === null) return null
      for (const reading of new Set([url, tidied])) {
        const handler = find(request, response, reading)
        if (handler === null) return null
        if (handler) found.add(handler)
      }
    }
    return found
  }

  return (request, response, next) => {
    const { originalUrl, baseUrl, url } = request
    let found = findAll(request, response, [originalUrl, baseUrl + url])
    if (found?.size === 0 && baseUrl !== '') found = findAll(request, response, [url])
    if (found === null || found.size > 1)
      return void response.status(400).type('text').send('The path cannot be read.')
    const [handler] = found
    if (handler) handler(request, response, next)
    else next()
  }
}

function readRoute(route: string): { method: Method; path: string } {
  const [, name = '', path = ''] = /^([A-Za-z]+)\s+(\/\S*)$/.exec(route.trim()) ?? []
  const method = METHODS.find((known) => known === name.toLowerCase())
  if (method === undefined) throw notARoute(route)
  return { method, path }
}

function notARoute(route: string, why = ''): ConfigurationError {
  return new ConfigurationError(
    'routes',
    `"${route}" is not a route; write it as 'GET /api/joke' (or ALL, POST, …)${why}`,
  )
}

/**
 * The path of a URL with its encoding, dots, backslashes and double slashes undone once, as a file server does it.
 * `null` when it cannot be decoded.
 */
function tidy(url: string): string | null {
  // The absolute form is for proxies; Express takes the path out of it.
  const [path = '/'] = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  try {
    return encodeURI(posix.normalize(decodeURIComponent(path).replace(/[\\/]+/g, '/')))
  } catch {
    return null
  }
}
