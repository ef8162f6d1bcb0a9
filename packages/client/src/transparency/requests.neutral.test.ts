import { describe } from 'vitest'
import { memoryStore } from '../client-store.js'
import { cards } from '../testing/cards.fixture.js'
import { type Observation, rejectionName, type Side, transparent } from './compare.fixture.js'

type Call = (url: string) => Parameters<typeof fetch>
const bytes = new TextEncoder().encode('some bytes')

/** Sends one call twice, the second time with a known account, and tells the answer and what the shop saw. */
async function send({ fetchWith, sold, sent }: Side, call: Call): Promise<Observation> {
  const fetch = fetchWith({ store: memoryStore(), payer: cards('pm_good') })
  const first = await fetch(...call(sold('/echo')))
  const second = await fetch(...call(sold('/echo')))
  return { status: first.status, again: second.status, ...(await sent(call(sold('/echo')))) }
}

/** The same for several calls, each seen by itself: one line per name. */
async function sendAll(side: Side, calls: Record<string, Call>): Promise<Observation> {
  const observed: Observation = {}
  for (const [name, call] of Object.entries(calls)) {
    const { status, again, method, body, alike, _sent } = await send(side, call)
    observed[name] = `${status} ${again} ${method} ${body} ${alike}`
    observed[`_${name}`] = _sent
    await side.shop.set({ seen: [] })
  }
  return observed
}

describe('what is sent', () => {
  transparent('C04', 'a string and a URL are taken', (side) =>
    sendAll(side, { string: (url) => [url], URL: (url) => [new URL(url)] }),
  )

  transparent('C05', 'a relative URL is resolved at call time, where there is a base', async (side) => {
    const { fetch, sold, sent } = side
    const { pathname } = new URL(sold('/echo'))
    if (typeof document !== 'object') return { rejects: await rejectionName(fetch(pathname)) }
    return { status: (await fetch(pathname)).status, ...(await sent()) }
  })

  transparent('C06', 'a POST keeps method, body and content type of its init', (side) =>
    sendAll(side, {
      text: (url) => [url, { method: 'POST', body: 'text' }],
      JSON: (url) => [url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
      lower: (url) => [url, { method: 'post', body: '' }],
    }),
  )

  transparent('C07', 'a Request keeps method, body and headers', (side) =>
    sendAll(side, {
      POST: (url) => [new Request(url, { method: 'POST', body: 'text', headers: { 'x-one': '1' } })],
      GET: (url) => [
        new Request(url, {
          headers: [
            ['x-one', '1'],
            ['x-one', '2'],
          ],
        }),
      ],
    }),
  )

  transparent('C08', 'Request and init are resolved as the standard does', (side) =>
    sendAll(side, {
      headers: (url) => [new Request(url, { headers: { 'x-one': '1' } }), { headers: { 'x-two': '2' } }],
      body: (url) => [new Request(url, { method: 'POST', body: 'a' }), { body: 'b' }],
      method: (url) => [new Request(url), { method: 'PUT', body: 'late' }],
      init: (url) => [url, new Request(`${url}#`, { method: 'PUT', headers: { 'x-one': '1' } })],
      iterator: (url) => [url, Object.assign(JSON.parse('{}'), { headers: [['x-one', '1']].values() })],
      null: (url) => JSON.parse(JSON.stringify([url, null])),
    }),
  )

  transparent('C09', 'DELETE, PUT and PATCH go without a body', (side) =>
    sendAll(side, {
      DELETE: (url) => [url, { method: 'DELETE' }],
      PUT: (url) => [url, { method: 'PUT' }],
      PATCH: (url) => [url, { method: 'PATCH' }],
    }),
  )

  transparent(
    'C10',
    'FormData is sent again with its files, as it was when the call was made',
    async (side) => {
      const form = new FormData()
      form.append('name', 'Åse 🎿')
      form.append('file', new File(['content'], 'a.txt', { type: 'text/plain' }))
      const { fetch, sold, sent } = side
      const call = fetch(sold('/echo'), { method: 'POST', body: form })
      form.set('name', 'changed')
      const { status } = await call
      const { _sent, alike } = await sent([sold('/echo'), { method: 'POST' }])
      return {
        status,
        _sent,
        alike,
        file: String(_sent).includes('a.txt') && String(_sent).includes('content'),
      }
    },
  )

  transparent(
    'C11',
    'URLSearchParams, Blob, ArrayBuffer, DataView and typed arrays are sent again',
    (side) => {
      const post =
        (make: () => BodyInit): Call =>
        (url) => [url, { method: 'POST', body: make() }]
      return sendAll(side, {
        URLSearchParams: post(() => new URLSearchParams({ a: 'å&b' })),
        Blob: post(() => new Blob(['blob'], { type: 'image/x' })),
        ArrayBuffer: post(() => bytes.slice().buffer),
        DataView: post(() => new DataView(bytes.buffer, 1, 3)),
        Uint16Array: post(() => new Uint16Array(bytes.slice().buffer, 2, 2)),
      })
    },
  )

  transparent('C15', 'init and headers of the caller are left as they were', async (side) => {
    const headers = Object.freeze({ 'X-One': '1' })
    const init = Object.freeze({ method: 'POST', body: 'text', headers })
    const own = new Headers(headers)
    const { status } = await side.fetch(side.sold('/echo'), init)
    await side.fetch(side.sold('/echo'), { headers: own })
    return { status, headers: JSON.stringify(headers), Headers: [...own].join() }
  })

  transparent(
    'C22',
    'the paid request has the credential header more, and nothing else; that of a page’s POST may not leave its origin',
    async (side) => {
      const call: Call = (url) => [url, { method: 'POST', body: 'text', headers: { 'x-one': '1' } }]
      await send(side, call)
      const seen = await side.shop.seen()
      const names = Object.keys(seen.at(-1)?.headers ?? {}).filter((name) => name !== 'payment')
      const sent = await side.sent(call(side.sold('/echo')))
      return { _headers: names.sort().join(), 'x-one': seen.at(-1)?.headers['x-one'], ...sent }
    },
  )
})
