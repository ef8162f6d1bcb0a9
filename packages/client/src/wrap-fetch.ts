import { HEADERS } from '@stripe402/core'
import { isA, snapshotBody } from './body-snapshot.js'
import { type ClientOptions, createClient, type PayingFor } from './client.js'
import { payingWith } from './paying-fetch.js'
import { loadedPaymentPart, loadPaymentPart } from './payment-part.js'
import { baseUrl } from './scope.js'
import type { FetchCall } from './send-paid.js'

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
  const paying = payingWith(createClient(options))
  return payingFetch(fetch, (origin) => (paying.isInScope(origin) ? paying : undefined))
}

/** The `fetch` that sends what is in scope through somebody who pays. */
export function payingFetch(base: typeof globalThis.fetch, payingFor: PayingFor): typeof globalThis.fetch {
  // A method has the name of its key after minification, too, and cannot be called with `new`: as the native one.
  const { fetch } = {
    fetch(...args: FetchArguments): Promise<Response> {
      return sendPayable(base, payingFor, args) ?? base(...args)
    },
  }
  return Object.defineProperty(fetch, 'length', { value: 1 })
}

/** Sends the call as a request that can be sent again; null for one that is none of our business. */
function sendPayable(
  base: typeof globalThis.fetch,
  payingFor: PayingFor,
  args: FetchArguments,
): Promise<Response> | null {
  const [input, init] = args
  try {
    const given = isA('Request', input) ? input : undefined
    const url = new URL(given?.url ?? String(input), baseUrl())
    const paying = init?.stripe402 === false ? undefined : payingFor(url.origin)
    if (!paying) return null
    // The caller may change all of this while somebody pays, so it is copied now, and the body once it is sent.
    const headers = new Headers(init?.headers ?? given?.headers)
    if (headers.has(HEADERS.PAYMENT) || (init?.mode ?? given?.mode) === 'no-cors') return null
    const options = init && copyInit(init)
    const streamLimitBytes = isA('ReadableStream', init?.body) && paying.streamLimitBytes
    // An iterator can be read once, and has been.
    const isReadOnce = Reflect.get(Object(init?.headers), 'next')
    const first: FetchArguments = isReadOnce ? [input, { ...options, headers }] : args
    const isKept = Boolean(init?.keepalive ?? given?.keepalive)
    const call: FetchCall = {
      base,
      url,
      given,
      options,
      headers,
      streamLimitBytes,
      // Only a body is used up by sending; anything else of a Request can be copied when it is needed.
      spare: given?.body === null ? undefined : given?.clone(),
      isSent: false,
    }

    let isLate = false
    const paid = paying.pay({
      url,
      method: (init?.method ?? given?.method ?? 'GET').toUpperCase(),
      isKept,
      signal: init?.signal === undefined ? given?.signal : init.signal,
      isReplayable: async () => !isKept && (await loadPaymentPart()).canSendAgain(call),
      async send(payment, target, prove) {
        // What keeps a stream comes with what pays; without it, the stream goes as it is.
        if (streamLimitBytes) await loadPaymentPart().catch(() => {})
        const part = payment || isLate || streamLimitBytes ? loadedPaymentPart() : null
        // Who pays may be of another copy of this package.
        if (part || payment) return (part ?? (await loadPaymentPart())).sendPaid(call, payment, target, prove)
        call.isSent = true
        return base(...first)
      },
      release: () => void call.spare?.body?.cancel().catch(() => {}),
    })
    isLate = true
    // What has not been sent by now is read after the app may have gone on with its buffer.
    if (options?.body) options.body = snapshotBody(options.body, call.isSent)
    return paid
  } catch {
    // What cannot be understood here is rejected by the wrapped fetch, in its own words.
    return null
  }
}

/** All members of an init, inherited ones too: people pass a Request, and frameworks add members of their own. */
function copyInit(init: RequestInit): RequestInit {
  const copy: RequestInit = {}
  for (const name in init) Reflect.set(copy, name, Reflect.get(init, name))
  return copy
}
