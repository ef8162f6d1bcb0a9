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

/** What is left of a request when credential, multipart boundary and the mode that keeps a POST at home are taken away. */
export function essence(request: SeenRequest | undefined): object {
  if (!request) throw new Error('the shop has not seen that request')
  const { method, url, headers, body } = request
  const { payment: _payment, 'content-length': _length, ...rest } = headers
  if (!/^(GET|HEAD)$/.test(method) && rest['sec-fetch-mode'] === 'same-origin')
    rest['sec-fetch-mode'] = 'cors'
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
