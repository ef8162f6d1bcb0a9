import { HEADERS } from '@stripe402/core'
import { isRedirect } from './is-redirect.js'
import type { Prove } from './payable-request.js'

/** A request that carried a credential and was answered with a redirect. */
interface Redirected {
  readonly base: typeof fetch
  readonly url: URL
  /** An unused copy, where the app made a Request. */
  readonly request: Request | undefined
  readonly init: RequestInit
  /** Where the credential is a proof, which no two requests may carry. */
  readonly prove: Prove | undefined
}

/** As many as the Fetch standard allows. */
const MOST_HOPS = 20
/** What the Fetch standard takes from a request whose method a redirect changes to GET. */
const BODY_HEADERS = [
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
  'content-length',
]
/** What undici takes from a request that a redirect sends to another origin. */
const PRIVATE_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'host']

/**
 * Follows a redirect as the Fetch standard does, and leaves the credential behind at the border of the origin.
 *
 * @throws TypeError as `fetch` does; in a page also where the credential would have to leave its origin.
 */
export function followRedirect(call: Redirected, reply: Response): Promise<Response> {
  return reply.type === 'opaqueredirect' ? askWithinOrigin(call) : followByHand(call, reply)
}

/**
 * In a page nobody says where a redirect leads. The same request again, which costs nothing, may stay within the origin. What
 * is proved about it proves nothing where it leads; a seller that sells there, too, asks, and is asked directly.
 */
async function askWithinOrigin({ base, url, request, init, prove }: Redirected): Promise<Response> {
  if (url.origin !== globalThis.location?.origin)
    throw new TypeError(
      `${url.origin} has answered a paid request with a redirect, and a payment goes to no other origin.`,
    )
  const headers = new Headers(init.headers ?? request?.headers)
  if (prove) headers.set(HEADERS.PAYMENT, await prove(methodOf(init, request), url.href))
  return base(request ?? url.href, { ...init, headers, mode: 'same-origin', redirect: 'follow' })
}

async function followByHand(call: Redirected, first: Response): Promise<Response> {
  const { base, url: from, prove } = call
  let { request, init } = call
  let reply = first
  let url = from
  for (let hop = 0; isRedirect(reply); hop++) {
    reply.body?.cancel().catch(() => {})
    url = new URL(reply.headers.get('location') ?? '', url)
    if (hop === MOST_HOPS || !/^https?:$/.test(url.protocol))
      throw new TypeError(`Cannot be redirected to ${url}`)
    const method = methodOf(init, request)
    const headers = new Headers(init.headers ?? request?.headers)
    const { body: _body, ...bare } = init
    if (reply.status === 303 ? !/^(GET|HEAD)$/.test(method) : reply.status < 303 && method === 'POST') {
      for (const name of BODY_HEADERS) headers.delete(name)
      request &&= new Request(url, { headers, signal: request.signal })
      init = { ...bare, method: 'GET' }
    }
    const isHome = url.origin === from.origin
    if (isHome && prove) headers.set(HEADERS.PAYMENT, await prove(methodOf(init, request), url.href))
    if (!isHome) for (const name of [HEADERS.PAYMENT, ...PRIVATE_HEADERS]) headers.delete(name)
    init = { ...init, headers, redirect: isHome ? 'manual' : 'follow' }
    const next = request && new Request(url, request)
    request = next?.body ? next.clone() : next
    reply = await base(next ?? url.href, init)
  }
  return Object.defineProperty(reply, 'redirected', { value: true })
}

function methodOf(init: RequestInit, request: Request | undefined): string {
  return (init.method ?? request?.method ?? 'GET').toUpperCase()
}
