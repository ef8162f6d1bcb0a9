import type { PaidRequest } from '@stripe402/server'
import type { Request } from 'express'

/**
 * Translates an Express request. `originalUrl`, because mounting takes the prefix off `url` and `path`.
 *
 * @param pricesBefore - How many prices it was granted for already.
 */
export function paidRequestOf(request: Request, pricesBefore = 0): PaidRequest {
  return {
    method: request.method,
    url: request.originalUrl,
    header: (name) => firstOf(request.headers[name]),
    // What `trust proxy` makes of X-Forwarded-For; else whoever the socket leads to.
    address: () => request.ip,
    isSecure: () => request.secure,
    body: request.body,
    nonce: nonceOf(request.res?.getHeader('content-security-policy')),
    pricesBefore,
  }
}

/** The nonce of a policy that an earlier middleware has set on the answer. */
function nonceOf(policy: unknown): string | undefined {
  return /'nonce-([\w+/=-]+)'/.exec(String(policy))?.[1]
}

function firstOf(values: string | string[] | undefined): string | undefined {
  return Array.isArray(values) ? values[0] : values
}
