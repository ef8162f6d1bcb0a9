import { beforeEach, describe, expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { memoryKeys } from './device-keys.js'
import { cards, undecided } from './testing/cards.fixture.js'
import { essence, paying, recording } from './testing/native.fixture.js'
import { openShop, type ShopFixture } from './testing/shop.fixture.js'

const isPage = typeof document === 'object'

let shop: ShopFixture
beforeEach(() => {
  shop = openShop()
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
    for (const request of seen) expect(essence(request, args(url))).toEqual(essence(expected, args(url)))
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
      const call: Parameters<typeof fetch> = [shop.url('/'), { method: 'POST' }]
      expect(essence(after, call)).toEqual(essence(before, call))
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
    expect(payer.asked[0]?.challenge.resource.description).toBe('A thing · 物 · شيء 🎿')
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

describe('wrapFetch, a body of more than 1 MB', () => {
  const size = 1_100_000
  const letters = async (): Promise<string[]> =>
    (await shop.seen()).map(({ body }) => `${body.length} ${[...new Set(body)].join('')}`)

  test('is sent again as it was when the 402 came', async () => {
    const bytes = new Uint8Array(size).fill(97)
    const payer = Object.assign(cards('pm_good'), { attempts: 1 })
    const changing = async (...args: Parameters<typeof payer>): ReturnType<typeof payer> => {
      bytes.fill(120)
      return payer(...args)
    }
    const paidFetch = paying({ payer: changing })
    expect((await paidFetch(shop.url('/paid/100'), { method: 'POST', body: bytes })).status).toBe(200)
    expect(await letters()).toEqual([`${size} a`, `${size} a`])
  })

  test('is sent as it was when the app called, where a signature comes first', async () => {
    const bytes = new Uint8Array(size).fill(97)
    const store = memoryStore()
    const paidFetch = paying({ store, deviceKeys: memoryKeys() })
    await paidFetch(shop.url('/paid/100'))
    const record = store.get(shop.origin)
    const account = record?.clients.usd
    if (!account) throw new Error('the account is remembered')
    const session = { token: 'old', heardAtMs: Date.now() - 570_000 }
    store.set(shop.origin, { ...record, clients: { usd: { ...account, session } } })
    const call = paidFetch(shop.url('/paid/100'), { method: 'POST', body: bytes.buffer })
    bytes.fill(120)
    expect((await call).status).toBe(200)
    expect((await letters()).slice(2)).toEqual([`${size} a`])
  })

  test('is not paid for once its buffer was given away', async () => {
    const bytes = new Uint8Array(size).fill(97)
    const payer = cards('pm_good')
    const call = paying({ payer })(shop.url('/paid/100'), { method: 'POST', body: bytes })
    structuredClone(bytes, { transfer: [bytes.buffer] })
    expect((await call).status).toBe(402)
    expect(payer.asked).toHaveLength(0)
    expect(await letters()).toEqual([`${size} a`])
  })
})

describe('wrapFetch, a body that cannot be copied', () => {
  const givenAway = (): ArrayBuffer => {
    const buffer = new ArrayBuffer(8)
    structuredClone(buffer, { transfer: [buffer] })
    return buffer
  }
  const givenAwayView = (): Uint8Array => {
    const view = new Uint8Array(8)
    structuredClone(view, { transfer: [view.buffer] })
    return view
  }
  const bodies: [string, () => unknown][] = [
    ['a form of npm’s form-data', () => ({ [Symbol.toStringTag]: 'FormData', pipe: () => {} })],
    ['an ArrayBuffer that was given away', givenAway],
    ['a view on one', givenAwayView],
  ]
  const post = (body: unknown): RequestInit => {
    const init: RequestInit = { method: 'POST' }
    Reflect.set(init, 'body', body)
    return init
  }
  /** What comes of a call, what of it the shop has seen, and the rejections that nobody has handled. */
  async function outcomeOf(
    send: typeof fetch,
    [at, path]: [ShopFixture, string],
    body: unknown,
  ): Promise<object> {
    const unhandled: unknown[] = []
    const note = (event: unknown): void => void unhandled.push(event)
    if (isPage) addEventListener('unhandledrejection', note)
    else process.on('unhandledRejection', note)
    const outcome = await send(at.url(path), post(body)).then(
      ({ status }) => status,
      (error: unknown) => error instanceof TypeError,
    )
    const seen = await at.seen()
    if (isPage) removeEventListener('unhandledrejection', note)
    else process.off('unhandledRejection', note)
    return { outcome, seen: seen.map((request) => essence(request)), unhandled: unhandled.length }
  }

  test.each(bodies)('is sent once, as it is natively, and not paid for: %s', async (_name, make) => {
    for (const path of ['/echo', '/paid/100']) {
      const [native, wrapped] = [openShop(), openShop()]
      const payer = cards('pm_good')
      const expected = await outcomeOf(fetch, [native, path], make())
      expect(await outcomeOf(paying({ payer }), [wrapped, path], make())).toEqual(expected)
      expect(payer.asked).toHaveLength(0)
    }
  })
})
