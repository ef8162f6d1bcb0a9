import { createHash } from 'node:crypto'

/** A request as the engine sees it; an adapter translates its framework's into this. */
export interface PaidRequest {
  method: string
  /** Full path and query as the client sent it, before any mounting took a prefix away. */
  url: string
  /** First value of a header, by lower-case name. */
  header(name: string): string | undefined
  /** The address of the client, as far as the adapter knows it; asked only when a card is to be charged. */
  address?(): string | undefined
  /** Who is at the other end of the connection, be it a proxy; asked only where a cookie without TLS is set or read. */
  peer?(): string | undefined
  /** Whether it came over TLS, as far as the adapter knows; asked only when a cookie is set or read. */
  isSecure?(): boolean
  /** The parsed or raw body, when something has read it already; part of what a request id stands for. */
  body?: unknown
  /** Nonce of the Content Security Policy that the answer will carry, for the script of a paywall page. */
  nonce?: string | undefined
  /** The same for its style; `''` where the policy forbids no inline style. Without one the page has none. */
  styleNonce?: string | undefined
  /** How many prices this request has been granted for already: a paid router's before a paid route's. Default 0. */
  pricesBefore?: number
}

/**
 * The query of a URL, whatever stands before it: also of one that `new URL` refuses, as `http://h:99999/` in a request line.
 *
 * @example
 * ```ts
 * queryOf('/api/images?size=small').get('size') // 'small'
 * ```
 */
export function queryOf(url: string): URLSearchParams {
  const [whole = ''] = url.split('#', 1)
  const at = whole.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : whole.slice(at + 1))
}

/** Digest of what a request id stands for: method, URL and body. `null` when the body cannot be written down. */
export function fingerprintOf(request: PaidRequest): string | null {
  const body = textOf(request.body)
  if (body === null) return null
  const described = ['content-type', 'content-length', 'content-digest'].map(
    (name) => request.header(name) ?? '',
  )
  const head = [request.method, request.url, ...described, ''].join('\n')
  return createHash('sha256').update(head).update(body).digest('base64url')
}

function textOf(body: unknown): string | Uint8Array | null {
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  try {
    return JSON.stringify(body) ?? ''
  } catch {
    // Parsers read what is nested 45,000 deep, and no stack is deep enough to write it.
    return null
  }
}

/** Digest that names the resource for `access`: a GET and a HEAD of one URL are the same thing. */
export function resourceKeyOf(request: PaidRequest): string {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  return createHash('sha256').update(`${method}\n${request.url}`).digest('base64url').slice(0, 22)
}
