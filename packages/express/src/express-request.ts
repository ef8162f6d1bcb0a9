import type { PaidRequest } from '@stripe402/server'
import type { Request } from 'express'

/**
 * Translates an Express request. `originalUrl`, because mounting takes the prefix off `url` and `path`.
 *
 * @param pricesBefore - How many prices it was granted for already.
 */
export function paidRequestOf(request: Request, pricesBefore = 0): PaidRequest {
  return new ExpressRequest(request, pricesBefore)
}

/**
 * Looks at the request only when it is asked: most payments need three of these, and each look costs half a microsecond,
 * because to V8 every request of Express is an object of its own kind.
 */
class ExpressRequest implements PaidRequest {
  readonly #request: Request
  readonly #headers: Request['headers']
  readonly pricesBefore: number

  constructor(request: Request, pricesBefore: number) {
    this.#request = request
    this.#headers = request.headers
    this.pricesBefore = pricesBefore
  }

  get method(): string {
    return this.#request.method
  }

  get url(): string {
    return this.#request.originalUrl
  }

  get body(): unknown {
    return this.#request.body
  }

  /** The nonce of a policy that an earlier middleware has set on the answer. */
  get nonce(): string | undefined {
    const policy = this.#request.res?.getHeader('content-security-policy')
    return /'nonce-([\w+/=-]+)'/.exec(String(policy))?.[1]
  }

  header(name: string): string | undefined {
    const values = this.#headers[name]
    return Array.isArray(values) ? values[0] : values
  }

  /** What `trust proxy` makes of X-Forwarded-For; else whoever the socket leads to. */
  address(): string | undefined {
    return this.#request.ip
  }

  peer(): string | undefined {
    return this.#request.socket.remoteAddress
  }

  isSecure(): boolean {
    return this.#request.secure
  }
}
