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
    return nonceIn(String(policy))
  }

  /** The same for a style; `''` where no policy forbids one, `undefined` where one does. */
  get styleNonce(): string | undefined {
    const policy = String(this.#request.res?.getHeader('content-security-policy') ?? '')
    const rules = ['style-src-elem', 'style-src', 'default-src'].map((name) => ruleOf(policy, name))
    const rule = rules.find((found) => found !== undefined)
    return rule === undefined ? '' : nonceIn(rule)
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

function nonceIn(policy: string): string | undefined {
  return /'nonce-([\w+/=-]+)'/.exec(policy)?.[1]
}

/** The sources that a policy names for one kind of thing; `undefined` when it does not speak of it. */
function ruleOf(policy: string, name: string): string | undefined {
  return new RegExp(`(?:^|[;,])\\s*${name}(?=[\\s;,]|$)([^;,]*)`, 'i').exec(policy)?.[1]
}
