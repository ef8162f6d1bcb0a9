import { HEADERS } from '@stripe402/core'
import { isA, isStream, snapshotBody } from './body-snapshot.js'
import { type ClientOptions, createClient, type Paying } from './client.js'
import { holdStream } from './hold-stream.js'
import type { PayableRequest } from './payable-request.js'
import { payingWith } from './paying-fetch.js'
import { peekBody } from './peek-body.js'
import { baseUrl } from './scope.js'
import { sendWithinOrigin } from './send-within-origin.js'

declare global {
  interface RequestInit {
    /** `false`: this request is left alone; a 402 is returned as it is. */
    stripe402?: boolean | undefined
  }
}

type FetchArguments = [input: RequestInfo | URL, init?: RequestInit]

/**
 * A `fetch` that pays. Pure: no global is touched.
 *
 * Indistinguishable from the one it wraps until a 402 of ours arrives from an origin in scope.
 *
 * @example
 * ```ts
 * const paidFetch = wrapFetch(fetch, { payer: async () => ({ paymentMethodId: 'pm_card_visa' }) })
 * const response = await paidFetch('/api/weather')
 * ```
 */
export function wrapFetch(fetch: typeof globalThis.fetch, options: ClientOptions): typeof globalThis.fetch {
  const client = createClient(options)
  return payingFetch(fetch, payingWith(client))
}

/** The `fetch` that sends what is in scope through somebody who pays. */
export function payingFetch(base: typeof globalThis.fetch, paying: Paying): typeof globalThis.fetch {
  // A method has the name of its key after minification, too, and cannot be called with `new`: as the native one.
  const { fetch } = {
    fetch(...args: FetchArguments): Promise<Response> {
      const request = payableRequest(base, paying, args)
      return request ? paying.pay(request) : base(...args)
    },
  }
  return Object.defineProperty(fetch, 'length', { value: 1 })
}

/** The call as a request that can be sent again, or null for one that is none of our business. */
function payableRequest(
  base: typeof globalThis.fetch,
  paying: Paying,
  args: FetchArguments,
): PayableRequest<Response> | null {
  const [input, init] = args
  try {
    const given = isA('Request', input) ? input : undefined
    const url = new URL(given?.url ?? String(input), baseUrl())
    if (init?.stripe402 === false || !paying.isInScope(url.origin)) return null
    // The caller may change all of this while somebody pays, so it is copied now.
    const headers = new Headers(init?.headers ?? given?.headers)
    if (headers.has(HEADERS.PAYMENT) || (init?.mode ?? given?.mode) === 'no-cors') return null
    const limitBytes = paying.streamLimitBytes?.(url.origin) ?? 0
    const held = limitBytes && isA('ReadableStream', init?.body) ? holdStream(init.body, limitBytes) : null
    const options = init && copyInit(init)
    if (options && held) options.body = held.stream
    // An iterator can be read once, and has been.
    if (options && Reflect.get(Object(init?.headers), 'next')) options.headers = headers
    const first: FetchArguments = options && (held || options.headers === headers) ? [input, options] : args
    const isKept = Boolean(init?.keepalive ?? given?.keepalive)
    // Only a body is used up by sending; anything else of a Request can be copied when it is needed.
    let spare = given && given.body !== null ? given.clone() : undefined
    let isSent = false

    /** What to send to: the standard would reset the referrer of a Request that comes with a new init. */
    const again = (given: Request, target: string): Request => {
      let next = spare
      if (!next) next = given.clone()
      else if (isSent) spare = next.clone()
      // The body of the given one counts as used after the first attempt, as it would natively.
      else next = new Request(given)
      if (target !== url.href) next = new Request(target, next)
      for (const name of [...next.headers.keys()]) if (!headers.has(name)) next.headers.delete(name)
      for (const [name, value] of headers) next.headers.set(name, value)
      return next
    }

    return {
      url,
      method: (init?.method ?? given?.method ?? 'GET').toUpperCase(),
      signal: init?.signal === undefined ? given?.signal : init.signal,
      get isReplayable() {
        return !isKept && (held ? held.isWhole() : !isStream(init?.body))
      },
      async send(payment, target) {
        if (!payment) {
          isSent = true
          return base(...first)
        }
        headers.set(HEADERS.PAYMENT, payment)
        const next = given && again(given, target)
        if (options && held && isSent) options.body = held.bytes()
        isSent = true
        const reply = await sendWithinOrigin(base, next ?? target, {
          ...options,
          ...(next && !init?.headers ? {} : { headers }),
        })
        // The end of a redirect was asked directly, which the app need not know.
        return target === url.href ? reply : Object.defineProperty(reply, 'redirected', { value: true })
      },
      peek: peekBody,
      // An unread body would keep its connection.
      discard: ({ body }) => void body?.cancel().catch(() => {}),
      release: () => void spare?.body?.cancel().catch(() => {}),
    }
  } catch {
    // What cannot be understood here is rejected by the wrapped fetch, in its own words.
    return null
  }
}

/** All members of an init, inherited ones too: people pass a Request, and frameworks add members of their own. */
function copyInit(init: RequestInit): RequestInit {
  const copy: RequestInit = {}
  for (const name in init) Object.assign(copy, { [name]: Reflect.get(init, name) })
  if (init.body) copy.body = snapshotBody(init.body)
  return copy
}
