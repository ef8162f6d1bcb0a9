import type { ClientOptions } from '../client.js'
import { memoryStore } from '../client-store.js'
import { wrapFetch } from '../wrap-fetch.js'
import { cards } from './cards.fixture.js'
import type { SeenRequest } from './shop-state.fixture.js'

/** A paying fetch with a memory of its own and one good card. */
export function paying(options: ClientOptions = {}, base: typeof fetch = fetch): typeof fetch {
  return wrapFetch(base, { store: memoryStore(), payer: cards('pm_good'), ...options })
}

/** A `fetch` that writes down what it was called with and what it returned. */
export function recording(): {
  base: typeof fetch
  calls: Parameters<typeof fetch>[]
  responses: Response[]
} {
  const calls: Parameters<typeof fetch>[] = []
  const responses: Response[] = []
  const base = async (...args: Parameters<typeof fetch>): Promise<Response> => {
    calls.push(args)
    const response = await fetch(...args)
    responses.push(response)
    return response
  }
  return { base, calls, responses }
}

/**
 * The mode that a call has to be sent with: the app's own; but a page's POST to its own origin that carries a credential, and
 * would be followed anywhere, may not leave that origin.
 */
export function modeOf([input, init]: Parameters<typeof fetch>, isPaid: boolean): string {
  const request = input instanceof Request ? input : undefined
  const { mode = request?.mode ?? 'cors', redirect = request?.redirect ?? 'follow' } = init ?? {}
  const method = init?.method ?? request?.method ?? 'GET'
  const isOwn = new URL(request?.url ?? String(input)).origin === globalThis.location?.origin
  const isHeld = isOwn && !/^(GET|HEAD)$/i.test(method) && redirect === 'follow' && mode === 'cors'
  return isPaid && isHeld ? 'same-origin' : mode
}

/**
 * What is left of a request when credential and multipart boundary are taken away.
 *
 * @param call what the app called: then the mode must be the very one that it has to be sent with, paid or not
 */
export function essence(request: SeenRequest | undefined, call?: Parameters<typeof fetch>): object {
  if (!request) throw new Error('the shop has not seen that request')
  const { method, url, headers, body, payment } = request
  const { payment: _payment, 'content-length': _length, ...rest } = headers
  const mode = rest['sec-fetch-mode']
  const expected = call && modeOf(call, payment !== null)
  if (expected) rest['sec-fetch-mode'] = mode === expected ? 'as expected' : `${mode}, not ${expected}`
  // Chromium sends them in any order.
  const sorted = Object.fromEntries(Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)))
  const text = JSON.stringify({ method, url, headers: sorted, body })
  return JSON.parse(text.replaceAll(/-{4,}(formdata-undici-|WebKitFormBoundary)\w+/g, 'B'))
}

/** The codes of the `error` events of a target. */
export function errorCodes(events: EventTarget): unknown[] {
  const codes: unknown[] = []
  events.addEventListener('error', (event) =>
    codes.push(Reflect.get(Object(Reflect.get(event, 'detail')), 'code')),
  )
  return codes
}
