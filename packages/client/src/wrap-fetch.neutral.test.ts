import { beforeEach, describe, expect, test } from 'vitest'
import { cards, undecided } from './testing/cards.fixture.js'
import { errorCodes, paying, recording } from './testing/native.fixture.js'
import { openShop, type ShopFixture } from './testing/shop.fixture.js'

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

  test('lets go of the 402 that the paid answer replaces', async () => {
    const { base, responses } = recording()
    const response = await paying({ payer: cards('pm_good') }, base)(shop.url('/paid'))
    expect(response.status).toBe(200)
    // A cancelled stream is at its end; an unread one still has the challenge to give.
    expect(await responses[0]?.body?.getReader().read()).toEqual({ done: true, value: undefined })
    expect(responses).toHaveLength(2)
  })

  test('says why a challenge of ours could not be used', async () => {
    const events = new EventTarget()
    const codes = errorCodes(events)
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
    const paidFetch = paying()
    // The second paid one goes with the account at once.
    for (const path of ['/free', '/paid/100', '/paid/100']) {
      const request = new Request(shop.url(path), { method: 'POST', body: 'once' })
      await paidFetch(request)
      expect(request.bodyUsed).toBe(true)
      await expect(paidFetch(request)).rejects.toBeInstanceOf(TypeError)
    }
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
