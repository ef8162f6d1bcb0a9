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
 * a path that no handler serves costs nothing, missing one gives it away. Looks at the path as it came and with its
 * encoding and double slashes undone once; what cannot be decoded is answered 400.
 *
 * @throws ConfigurationError for a key that is not `METHOD /path`.
 */
export function gateRoutes(stripe402: Stripe402, routes: RouteMap): RequestHandler {
  const router = express.Router({ caseSensitive: false, strict: false })
  const gates = new WeakMap<Request, RequestHandler>()
  for (const [route, options] of Object.entries(routes)) {
    const { method, path } = readRoute(route)
    const handler = gate(stripe402, options)
    router[method](path, (probe) => {
      gates.set(probe, handler)
    })
  }

  /** Asks Express's router which gate stands before a path; it answers synchronously. */
  function find(request: Request, response: Response, url: string): RequestHandler | undefined {
    const probe: Request = Object.create(request, {
      url: { value: url, writable: true },
      originalUrl: { value: url, writable: true },
      baseUrl: { value: '', writable: true },
      params: { value: {}, writable: true },
    })
    router(probe, response, () => {})
    return gates.get(probe)
  }

  return (request, response, next) => {
    if (request.method === 'OPTIONS') return next()
    const paths = pathsOf(request.originalUrl)
    if (paths === null) return void response.status(400).type('text').send('The path cannot be decoded.')
    for (const path of paths) {
      const found = find(request, response, path)
      if (found) return found(request, response, next)
    }
    next()
  }
}

function readRoute(route: string): { method: Method; path: string } {
  const [, name = '', path = ''] = /^([A-Za-z]+)\s+(\/\S*)$/.exec(route.trim()) ?? []
  const method = METHODS.find((known) => known === name.toLowerCase())
  if (method === undefined)
    throw new ConfigurationError(
      'routes',
      `"${route}" is not a route; write it as 'GET /api/joke' (or ALL, POST, …).`,
    )
  return { method, path }
}

/** The path as it came, and once normalised. `null` when it cannot be decoded. */
function pathsOf(url: string): string[] | null {
  const [path = '/'] = url.split(/[?#]/, 1)
  try {
    const plain = decodeURIComponent(path).replace(/[\\/]+/g, '/')
    return plain === path ? [path] : [path, encodeURI(plain)]
  } catch {
    return null
  }
}
