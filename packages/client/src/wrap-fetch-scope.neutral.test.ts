import { beforeEach, describe, expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { cards } from './testing/cards.fixture.js'
import { errorCodes, paying } from './testing/native.fixture.js'
import { openShop, type ShopFixture } from './testing/shop.fixture.js'

const isPage = typeof document === 'object'

let shop: ShopFixture
beforeEach(() => {
  shop = openShop()
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
    const codes = errorCodes(events)
    const payer = cards('pm_good')
    const paidFetch = paying({ payer, events, policy: { perRequest: { usd: 99 } } })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
    expect((await paidFetch(shop.url('/paid/99'))).status).toBe(200)
    expect(codes).toEqual(['POLICY_REFUSED'])
  })

  test('asks only about currencies that the policy allows, also after a decline', async () => {
    await shop.set({ currencies: ['jpy', 'usd', 'eur'] })
    const payer = cards('pm_declined', 'pm_good')
    const paidFetch = paying({ payer, policy: { perRequest: { usd: 100, eur: 99 } } })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked.map(({ challenge }) => challenge.accepts.map(({ currency }) => currency))).toEqual([
      ['usd'],
      ['usd'],
    ])
    expect(Object.keys((await shop.state()).balances)).toEqual([expect.stringMatching(/ usd$/)])
  })

  test('says so when a seller takes more than before, and asks it again next time', async () => {
    await shop.set({ price: 100 })
    const events = new EventTarget()
    const codes = errorCodes(events)
    const paidFetch = paying({ events, policy: { perRequest: 150 } })
    const statuses: number[] = []
    for (const price of [100, 150, 200, 200]) {
      await shop.set({ price })
      statuses.push((await paidFetch(shop.url('/sold/echo'))).status)
    }
    expect(statuses).toEqual([200, 200, 200, 402])
    expect(codes).toEqual(['PRICE_RAISED', 'POLICY_REFUSED'])
  })

  test('is surprised once by a path whose price goes up and down', async () => {
    const events = new EventTarget()
    const codes = errorCodes(events)
    const paidFetch = paying({ events, policy: { perRequest: 150 } })
    const statuses: number[] = []
    for (const price of [100, 200, 100, 200]) {
      await shop.set({ price })
      statuses.push((await paidFetch(shop.url('/sold/echo'))).status)
    }
    expect(statuses).toEqual([200, 200, 200, 402])
    expect(codes).toEqual(['PRICE_RAISED', 'POLICY_REFUSED'])
  })

  test('refuses what would pass perDay', async () => {
    const paidFetch = paying({ policy: { perDay: 250 } })
    const statuses: number[] = []
    for (let call = 0; call < 3; call++) statuses.push((await paidFetch(shop.url('/paid/100'))).status)
    expect(statuses).toEqual([200, 200, 402])
  })

  test.each(['perDay', 'perOrigin'] as const)('counts requests under way, with %s', async (limit) => {
    const paidFetch = paying({ policy: { [limit]: 450 } })
    const together = async (path: string): Promise<number[]> => {
      const answers = await Promise.all([1, 2, 3, 4].map((n) => paidFetch(shop.url(`${path}?n=${n}`))))
      return answers.map(({ status }) => status).sort()
    }
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    // With the first request to a path that has asked, and after the 402 of one that has not.
    expect(await together('/paid/100')).toEqual([200, 200, 200, 402])
    expect(await together('/paid/25')).toEqual([200, 200, 402, 402])
  })

  test('refuses what would pass perOrigin, on any day', async () => {
    const store = memoryStore()
    const paidFetch = paying({ store, policy: { perOrigin: { usd: 250 } } })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    const record = store.get(shop.origin)
    if (record?.spent) store.set(shop.origin, { ...record, spent: { ...record.spent, day: '2001-01-01' } })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
    expect((await paidFetch(shop.url('/paid/50'))).status).toBe(200)
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
