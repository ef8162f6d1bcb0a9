import express, { type Request, type RequestHandler, type Response } from 'express'
import type { PricedRoute } from './route-map.js'

/** What is asked about, in Express's terms. */
export interface Asked {
  request: Request
  response: Response
}

/** The gate before a path; `null` when Express cannot read the path. */
export type FindGate = (asked: Asked, method: string, url: string) => RequestHandler | undefined | null

/**
 * Finds gates with Express's own matcher, which answers synchronously; without regard to case or trailing slash.
 *
 * @param refuse - Makes the error for a path that Express does not take.
 */
export function gateFinder(
  gated: readonly (readonly [PricedRoute, RequestHandler])[],
  refuse: (key: string, why: string) => Error,
): FindGate {
  const router = express.Router({ caseSensitive: false, strict: false })
  const gates = new WeakMap<Request, RequestHandler>()
  for (const [{ method, path, key }, handler] of gated) {
    try {
      router[method](path, (probe) => {
        gates.set(probe, handler)
      })
    } catch (error) {
      throw refuse(key, error instanceof Error ? `: ${error.message}` : '')
    }
  }
  return ({ request, response }, method, url) => {
    const own = (value: unknown): PropertyDescriptor => ({ value, writable: true })
    const probe: Request = Object.create(request, {
      method: own(method),
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
}
