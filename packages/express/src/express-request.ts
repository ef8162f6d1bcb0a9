import type { PaidRequest } from '@stripe402/server'
import type { Request } from 'express'

/** Translates an Express request. `originalUrl`, because mounting takes the prefix off `url` and `path`. */
export function paidRequestOf(request: Request): PaidRequest {
  return {
    method: request.method,
    url: request.originalUrl,
    header: (name) => request.get(name),
    // What `trust proxy` makes of X-Forwarded-For; else whoever the socket leads to.
    address: () => request.ip,
    ...(request.body !== undefined && { body: request.body }),
  }
}
