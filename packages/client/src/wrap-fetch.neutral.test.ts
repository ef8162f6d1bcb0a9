import { beforeEach, describe, expect, test } from 'vitest'
import type { ClientOptions } from './client.js'
import { memoryStore } from './client-store.js'
import { cards, undecided } from './testing/cards.fixture.js'
import { openShop, type ShopFixture } from './testing/shop.fixture.js'
import type { SeenRequest } from './testing/shop-state.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

const isPage = typeof document === 'object'

function paying(options: ClientOptions = {}, base: typeof fetch = fetch): typeof fetch {
  return wrapFetch(base, { store: memoryStore(), payer: cards('pm_good'), ...options })
}

/** A `fetch` that writes down what it was called with and what it returned. */
function recording(): { base: typeof fetch; calls: Parameters<typeof fetch>[]; responses: Response[] } {
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

/** What is left of a request when credential and multipart boundary are taken away. */
function essence({ method, url, headers, body }: SeenRequest): object {
  const { payment: _payment, 'content-length': _length, ...rest } = headers
  const boundary = /boundary=(.*)/.exec(rest['content-type'] ?? '')?.[1]
  const text = JSON.stringify({ method, url, headers: rest, body })
  return JSON.parse(boundary ? text.replaceAll(boundary, 'B') : text)
}

let shop: ShopFixture
beforeEach(() => {
  shop = openShop()
})

describe('wrapFetch, when nothing is due', () => {
  test.each(['/free', '/status/200', '/status/204', '/status/304', '/status/404', '/status/500'])(
    'returns the very response of the wrapped fetch for %s',
    async (path) => {
      const { base, calls, responses } = recording()
      const init = { headers: { 'x-one': '1' }, next: { revalidate: 1 } }
      expect(await paying({}, base)(shop.url(path), init)).toBe(responses[0])
      expect(calls).toHaveLength(1)
      expect(calls[0]?.[1]).toBe(init)
    },
  )

  test.each([
    '/plain402',
    '/foreign402',
    '/broken402',
    `/broken402?header=${'A'.repeat(7000)}`,
    '/broken402?header=bnVsbA==',
  ])('returns a 402 that is not ours unread: %s', async (path) => {
    const payer = cards('pm_good')
    const { base, responses } = recording()
    const response = await paying({ payer }, base)(shop.url(path))
    expect(response).toBe(responses[0])
    expect(response.bodyUsed).toBe(false)
    expect(await response.text()).not.toBe('')
    expect(payer.asked).toHaveLength(0)
  })

  test('says why a challenge of ours could not be used', async () => {
    const events = new EventTarget()
    const codes: unknown[] = []
    events.addEventListener('error', (event) =>
      codes.push(Reflect.get(Object(Reflect.get(event, 'detail')), 'code')),
    )
    await paying({ events })(shop.url('/foreign402'))
    await paying({ events })(shop.url('/broken402'))
    expect(codes).toEqual(['UNREADABLE_CHALLENGE'])
  })

  test('looks like fetch', async () => {
    const paidFetch = paying()
    expect(paidFetch.name).toBe('fetch')
    expect(paidFetch).toHaveLength(1)
    const { call } = { call: paidFetch }
    expect((await call(shop.url('/free'))).status).toBe(200)
    expect((await Reflect.apply(paidFetch, undefined, [shop.url('/free')])).status).toBe(200)
    expect(() => Reflect.construct(paidFetch, [])).toThrow(TypeError)
  })

  test('rejects what fetch rejects, never throwing synchronously', async () => {
    const paidFetch = paying()
    await expect(Reflect.apply(paidFetch, undefined, [])).rejects.toBeInstanceOf(TypeError)
    await expect(paidFetch('http://[')).rejects.toBeInstanceOf(TypeError)
    await expect(paidFetch(shop.url('/free'), { method: 'GET', body: 'x' })).rejects.toBeInstanceOf(TypeError)
    await expect(paidFetch('http://127.0.0.1:1/')).rejects.toBeInstanceOf(TypeError)
  })

  test('rejects an aborted signal with its own reason and sends nothing', async () => {
    const reason = new Error('mine')
    await expect(paying()(shop.url('/free'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await expect(
      paying()(new Request(shop.url('/free'), { signal: AbortSignal.abort(reason) })),
    ).rejects.toBe(reason)
    expect(await shop.seen()).toHaveLength(0)
  })

  test('uses up a given Request as fetch does, and rejects a used one', async () => {
    for (const path of ['/free', '/paid/100', '/paid/100']) {
      const request = new Request(shop.url(path), { method: 'POST', body: 'once' })
      const paidFetch = paying()
      await paidFetch(request)
      expect(request.bodyUsed).toBe(true)
      await expect(paidFetch(request)).rejects.toBeInstanceOf(TypeError)
    }
  })
})

describe('wrapFetch, the paid request', () => {
  const body = new TextEncoder().encode('bytes').buffer
  const form = (): FormData => {
    const data = new FormData()
    data.append('name', 'Åse 🎿 اسم')
    data.append('file', new File(['content'], 'a.txt', { type: 'text/plain' }))
    return data
  }
  const cases: [string, (url: string) => Parameters<typeof fetch>][] = [
    ['a string', (url) => [url]],
    ['a URL', (url) => [new URL(url)]],
    ['headers as an object', (url) => [url, { headers: { 'X-One': '1' } }]],
    [
      'headers as pairs',
      (url) => [
        url,
        {
          headers: [
            ['X-One', '1'],
            ['X-One', '2'],
          ],
        },
      ],
    ],
    ['Headers', (url) => [url, { headers: new Headers({ 'X-One': '1' }) }]],
    ['POST with text', (url) => [url, { method: 'POST', body: 'text' }]],
    [
      'POST with JSON',
      (url) => [url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
    ],
    ['POST with parameters', (url) => [url, { method: 'POST', body: new URLSearchParams({ a: 'å&b' }) }]],
    ['POST with a Blob', (url) => [url, { method: 'POST', body: new Blob(['blob'], { type: 'image/x' }) }]],
    ['POST with an ArrayBuffer', (url) => [url, { method: 'POST', body: body.slice(0) }]],
    ['POST with a DataView', (url) => [url, { method: 'POST', body: new DataView(body, 1, 3) }]],
    ['POST with a typed array', (url) => [url, { method: 'POST', body: new Uint8Array(body, 2, 2) }]],
    ['POST with FormData', (url) => [url, { method: 'POST', body: form() }]],
    ['DELETE, PUT and PATCH without a body', (url) => [url, { method: 'DELETE' }]],
    ['PUT without a body', (url) => [url, { method: 'PUT' }]],
    ['PATCH with a body', (url) => [url, { method: 'PATCH', body: 'patch' }]],
    ['a Request', (url) => [new Request(url, { headers: { 'X-One': '1' } })]],
    [
      'a Request with a body',
      (url) => [new Request(url, { method: 'POST', body: 'text', headers: { 'X-One': '1' } })],
    ],
    ['a Request with FormData', (url) => [new Request(url, { method: 'POST', body: form() })]],
    [
      'a Request and headers',
      (url) => [new Request(url, { headers: { 'X-One': '1' } }), { headers: { 'X-Two': '2' } }],
    ],
    ['a Request and another body', (url) => [new Request(url, { method: 'POST', body: 'a' }), { body: 'b' }]],
    ['a Request and another method', (url) => [new Request(url), { method: 'POST', body: 'late' }]],
    [
      'a Request as init',
      (url) => [url, new Request(`${url}#`, { method: 'PUT', headers: { 'X-One': '1' } })],
    ],
    ['null as init', (url) => JSON.parse(JSON.stringify([url, null]))],
  ]

  test.each(cases)('adds the credential and nothing else: %s', async (_name, args) => {
    const paidFetch = paying()
    const native = openShop()
    const url = shop.url('/paid/100')
    await fetch(...args(native.url('/paid/100')))
    const [expected] = await native.seen()
    // The first time the card pays, the second time the account goes with the only request.
    for (let turn = 0; turn < 2; turn++) expect((await paidFetch(...args(url))).status).toBe(200)
    const seen = await shop.seen()
    expect(seen).toHaveLength(3)
    expect(seen.map(({ payment }) => Object.keys(payment ?? {}).includes('clientId'))).toEqual([
      false,
      false,
      true,
    ])
    for (const request of seen) expect(essence(request)).toEqual(essence(seenIn(expected)))
  })

  test('is not reached by what the caller changes while somebody pays', async () => {
    const payer = undecided()
    const paidFetch = paying({ payer })
    const data = form()
    const bytes = new Uint8Array([1, 2, 3])
    const headers = new Headers({ 'x-one': '1' })
    const init: RequestInit = { method: 'POST', body: data, headers }
    const url = new URL(shop.url('/paid/100'))
    const first = paidFetch(url, init)
    const second = paidFetch(shop.url('/paid/200'), { method: 'POST', body: bytes })
    await payer.prompted
    data.set('name', 'changed')
    headers.set('x-one', 'changed')
    init.method = 'PUT'
    url.pathname = '/elsewhere'
    bytes.fill(9)
    payer.decide({ paymentMethodId: 'pm_good' })
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    const seen = await shop.seen()
    for (const price of ['100', '200']) {
      const [before, after] = seen.filter((request) => request.url === `/paid/${price}`)
      expect(essence(seenIn(after))).toEqual(essence(seenIn(before)))
    }
  })

  test('leaves the caller’s init and headers as they were', async () => {
    const headers = { 'X-One': '1' }
    const init = Object.freeze({ method: 'POST', body: 'text', headers: Object.freeze(headers) })
    await paying()(shop.url('/paid/100'), init)
    expect(headers).toEqual({ 'X-One': '1' })
    const request = new Request(shop.url('/paid/100'), { headers })
    await paying()(request)
    expect([...request.headers]).toEqual([['x-one', '1']])
  })

  test('hands members that are not standard to the wrapped fetch, also the second time', async () => {
    const { base, calls } = recording()
    const init = { next: { revalidate: 60 }, cache: 'no-store' } as const
    await paying({}, base)(shop.url('/paid/100'), init)
    expect(calls.map(([, given]) => given)).toMatchObject([init, init])
  })

  test('returns the paid response of the wrapped fetch itself, streaming', async () => {
    const { base, responses } = recording()
    const response = await paying({}, base)(shop.url('/paid/100'))
    expect(response).toBe(responses[1])
    expect(response.bodyUsed).toBe(false)
  })

  test('pays for HEAD from the headers alone', async () => {
    const response = await paying()(shop.url('/paid/100'), { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect((await shop.seen()).map(({ method }) => method)).toEqual(['HEAD', 'HEAD'])
  })

  test('reads the challenge from the body where headers are hidden', async () => {
    await shop.set({ hidesHeaders: true })
    const payer = cards('pm_good')
    expect((await paying({ payer })(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked[0]?.challenge.resource.description).toBe('A thing · 物 · شيء')
  })

  test('pays once: a second 402 is returned', async () => {
    const payer = cards('pm_good', 'pm_good_again')
    const response = await paying({ payer })(shop.url('/paid/60000'))
    expect(response.status).toBe(402)
    expect(await response.json()).toMatchObject({ errorCode: 'insufficient_credits' })
  })

  test('does not hold a stream, and returns its 402', async () => {
    if (isPage) return
    const payer = cards('pm_good')
    const stream = new Blob(['streamed']).stream()
    const init = { method: 'POST', body: stream, duplex: 'half' } as const
    expect((await paying({ payer })(shop.url('/paid/100'), init)).status).toBe(402)
    expect(payer.asked).toHaveLength(0)
    expect((await shop.seen()).map(({ body: sent }) => sent)).toEqual(['streamed'])
  })

  test('does not hold a keepalive request', async () => {
    const payer = cards('pm_good')
    expect((await paying({ payer })(shop.url('/paid/100'), { keepalive: true })).status).toBe(402)
    expect(payer.asked).toHaveLength(0)
  })

  test('leaves a request alone that opts out or carries a payment of its own', async () => {
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    expect((await paidFetch(shop.url('/paid/100'), { stripe402: false })).status).toBe(402)
    expect((await paidFetch(shop.url('/paid/100'), { headers: { payment: 'mine' } })).status).toBe(402)
    expect(payer.asked).toHaveLength(0)
    expect((await shop.seen()).map(({ headers }) => headers.payment)).toEqual([undefined, 'mine'])
  })

  test('is not paid twice under two wrappers', async () => {
    const [inner, outer] = [cards('pm_good'), cards('pm_good')]
    const paidFetch = paying({ payer: outer }, paying({ payer: inner }))
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect([inner.asked.length, outer.asked.length]).toEqual([1, 0])
    expect((await shop.state()).charges).toHaveLength(1)
  })
})

describe('wrapFetch, aborting', () => {
  test.each(['init', 'Request'])('rejects at once while somebody pays: signal in %s', async (where) => {
    const payer = undecided()
    const aborting = new AbortController()
    const { signal } = aborting
    const url = shop.url('/paid/100')
    const paidFetch = paying({ payer })
    const call = where === 'init' ? paidFetch(url, { signal }) : paidFetch(new Request(url, { signal }))
    const context = await payer.prompted
    const reason = new Error('mine')
    aborting.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(context.signal.aborted).toBe(true)
    payer.decide({ paymentMethodId: 'pm_good' })
    expect(await shop.seen()).toHaveLength(1)
  })

  test('passes an abort during the download of the paid answer through', async () => {
    const aborting = new AbortController()
    const response = await paying()(shop.url('/paid/100'), { signal: aborting.signal })
    aborting.abort()
    await expect(response.text()).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('wrapFetch, where a credential may go', () => {
  test('sends none to a path that never asked', async () => {
    const paidFetch = paying()
    await paidFetch(shop.url('/paid/100'))
    await paidFetch(shop.url('/free'))
    await paidFetch(shop.url('/paid/100?again'))
    const seen = await shop.seen()
    expect(seen.map(({ headers }) => 'payment' in headers)).toEqual([false, true, false, true])
  })

  test('spends credit on another path without asking', async () => {
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    await paidFetch(shop.url('/paid/100'))
    expect((await paidFetch(shop.url('/paid/200'))).status).toBe(200)
    expect(payer.asked).toHaveLength(1)
    expect(await shop.seen()).toHaveLength(4)
  })

  test('shows no account to another origin that asks', async () => {
    const other = openShop('other')
    const store = memoryStore()
    await paying({ store })(shop.url('/paid/100'))
    await paying({ store, payer: cards(), origins: [other.origin] })(other.url('/paid/100'))
    expect((await other.seen()).map(({ payment }) => payment)).toEqual([null])
  })

  test('leaves origins out of scope alone: no header, no preflight', async () => {
    const other = openShop('other')
    const payer = cards('pm_good')
    const origins = isPage ? [] : [shop.origin]
    expect((await paying({ payer, origins })(other.url('/paid/100'))).status).toBe(402)
    expect(payer.asked).toHaveLength(0)
    expect((await other.state()).seen.map(({ method }) => method)).toEqual(['GET'])
  })

  test('sends none where a redirect has led to another origin', async () => {
    const other = openShop('other')
    const payer = cards('pm_good')
    const paidFetch = paying({ payer, origins: [other.origin, shop.origin] })
    const to = encodeURIComponent(other.url('/paid/100'))
    const response = await paidFetch(shop.url(`/redirect/302?to=${to}`))
    expect([response.status, response.redirected]).toEqual([402, true])
    expect(payer.asked).toHaveLength(0)
    expect((await other.seen()).map(({ payment }) => payment)).toEqual([null])
  })

  test('pays behind a redirect within the origin, without showing a credential on the way', async () => {
    const to = encodeURIComponent(shop.url('/paid/100'))
    const paidFetch = paying()
    for (let turn = 0; turn < 2; turn++)
      expect((await paidFetch(shop.url(`/redirect/302?to=${to}`))).status).toBe(200)
    const seen = await shop.seen()
    expect(seen.map(({ url, payment }) => [url.slice(0, 5), payment !== null])).toEqual([
      ['/redi', false],
      ['/paid', false],
      ['/paid', true],
      ['/redi', false],
      ['/paid', false],
      ['/paid', true],
    ])
  })

  test('returns the 402 of a redirected POST: nobody knows what became of its method', async () => {
    const to = encodeURIComponent(shop.url('/paid/100'))
    const payer = cards('pm_good')
    const response = await paying({ payer })(shop.url(`/redirect/307?to=${to}`), {
      method: 'POST',
      body: 'x',
    })
    expect([response.status, payer.asked.length]).toEqual([402, 0])
  })

  test('passes redirect modes and no-cors through', async () => {
    const paidFetch = paying()
    const manual = { redirect: 'manual' } as const
    const path = shop.url(`/redirect/302?to=${encodeURIComponent(shop.url('/free'))}`)
    expect((await paidFetch(path, manual)).type).toBe((await fetch(path, manual)).type)
    await expect(paidFetch(path, { redirect: 'error' })).rejects.toBeInstanceOf(TypeError)
    const opaque = await paidFetch(shop.url('/paid/100'), { mode: 'no-cors' })
    expect(opaque.status).toBe((await fetch(shop.url('/paid/100'), { mode: 'no-cors' })).status)
  })
})

describe('wrapFetch, limits and modes', () => {
  test('refuses a price above perRequest, pays nothing, and says why', async () => {
    const events = new EventTarget()
    const codes: unknown[] = []
    events.addEventListener('error', (event) =>
      codes.push(Reflect.get(Object(Reflect.get(event, 'detail')), 'code')),
    )
    const payer = cards('pm_good')
    const paidFetch = paying({ payer, events, policy: { perRequest: { usd: 99 } } })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
    expect((await paidFetch(shop.url('/paid/99'))).status).toBe(200)
    expect(codes).toEqual(['POLICY_REFUSED'])
  })

  test('refuses what would pass perDay', async () => {
    const paidFetch = paying({ policy: { perDay: 250 } })
    const statuses: number[] = []
    for (let call = 0; call < 3; call++) statuses.push((await paidFetch(shop.url('/paid/100'))).status)
    expect(statuses).toEqual([200, 200, 402])
  })

  test('asks before credit pays a price above askAbove, and takes the account for an answer', async () => {
    const asked: unknown[] = []
    const paidFetch = paying({
      policy: { askAbove: 150 },
      payer: async (_challenge, { reason, clientId, balance }) => {
        asked.push([reason, balance])
        return clientId ? { clientId } : { paymentMethodId: 'pm_good', topUpAmount: 50_000 }
      },
    })
    for (const price of [100, 200, 100, 200])
      expect((await paidFetch(shop.url(`/paid/${price}`))).status).toBe(200)
    expect(asked).toEqual([
      ['payment', undefined],
      ['confirm', 49_900],
      ['confirm', 49_600],
    ])
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('rejects with PaymentRequiredError in mode throw; topUp() pays and answers', async () => {
    const error: unknown = await paying({ mode: 'throw' })(shop.url('/paid/100')).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'PAYMENT_REQUIRED', challenge: { accepts: [{ amount: 100 }] } })
    const topUp: () => Promise<Response> = Reflect.get(Object(error), 'topUp')
    expect((await topUp()).status).toBe(200)
  })

  test.each([
    ['PAYMENT_CANCELLED', cards()],
    ['PAYMENT_DECLINED', Object.assign(cards('pm_declined'), { attempts: 1 })],
    ['PAYMENT_FAILED', cards('pm_busy')],
    ['AUTHENTICATION_REQUIRED', cards('pm_check')],
  ])('rejects topUp() with %s', async (code, payer) => {
    const error: unknown = await paying({ mode: 'throw', payer })(shop.url('/paid/100')).catch(
      (reason: unknown) => reason,
    )
    const topUp: () => Promise<Response> = Reflect.get(Object(error), 'topUp')
    await expect(topUp()).rejects.toMatchObject({ code })
  })

  test('returns the 402 in mode event, without a payer, and when a listener prevents payment', async () => {
    const payer = cards('pm_good')
    const events = new EventTarget()
    events.addEventListener('payment-required', (event) => event.preventDefault())
    for (const options of [{ mode: 'event', payer } as const, { payer: undefined }, { payer, events }])
      expect((await paying(options)(shop.url('/paid/100'))).status).toBe(402)
    expect(payer.asked).toHaveLength(0)
  })
})

function seenIn(request: SeenRequest | undefined): SeenRequest {
  if (!request) throw new Error('the shop has not seen that request')
  return request
}
