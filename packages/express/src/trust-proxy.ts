import type { Logger } from '@stripe402/server'
import type { Request } from 'express'

const warned = new WeakSet<Logger>()

/**
 * Warns once when nobody can tell clients apart: behind a proxy that Express was not told of, all have the proxy's
 * address, and one of them that tries cards has everybody wait; with `trust proxy` true, each chooses its own.
 */
export function checkTrustProxy(request: Request, logger: Logger): void {
  if (request.headers['x-forwarded-for'] === undefined || warned.has(logger)) return
  const trusted: unknown = request.app.get('trust proxy')
  if (trusted && trusted !== true) return
  warned.add(logger)
  logger.warn(
    trusted
      ? "stripe402: 'trust proxy' is true, so that clients choose the address they are limited by. Say how many proxies " +
          "there are, or which: app.set('trust proxy', 1)."
      : "stripe402: requests come with X-Forwarded-For, but 'trust proxy' is not set: all clients behind the proxy " +
          "count as one. Say how many proxies there are, or which: app.set('trust proxy', 1).",
  )
}
