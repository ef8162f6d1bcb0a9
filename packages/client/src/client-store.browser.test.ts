import { beforeEach, describe, expect, test } from 'vitest'
import { localStore, type OriginRecord } from './client-store.js'
import { cards } from './testing/cards.fixture.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

const key = `stripe402:${location.origin}`
beforeEach(() => localStorage.clear())

describe('localStore', () => {
  test('lets a page spend its credit after a reload, one request each, without asking', async () => {
    const shop = openShop()
    expect((await wrapFetch(fetch, { payer: cards('pm_good') })(shop.url('/paid/100'))).status).toBe(200)
    // A new client is what a reloaded page has.
    const payer = cards()
    const reloaded = wrapFetch(fetch, { payer })
    for (let click = 0; click < 5; click++) expect((await reloaded(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(0)
    expect(await shop.seen()).toHaveLength(7)
    expect(JSON.parse(localStorage.getItem(key) ?? '')).toMatchObject({
      clients: { usd: { balanceUnits: 49_400 } },
    })
  })

  test.each(['not json', 'null', '[]', '{"clients":null}', '{"clients":{},"asked":{},"purchases":5}'])(
    'starts afresh when it finds %s',
    async (content) => {
      const shop = openShop()
      localStorage.setItem(key, content)
      expect((await wrapFetch(fetch, { payer: cards('pm_good') })(shop.url('/paid/100'))).status).toBe(200)
    },
  )

  test.each([
    '{"clients":{"usd":5},"asked":{},"purchases":{"usd":7}}',
    '{"clients":{"usd":null},"asked":{"/":0},"purchases":{}}',
  ])('survives members that make no sense: %s', async (content) => {
    const shop = openShop()
    localStorage.setItem(key, content)
    expect((await wrapFetch(fetch, { payer: cards('pm_good') })(shop.url('/paid/100'))).status).toBe(200)
  })

  test('lets go of an account that the person has signed out of elsewhere on the page', async () => {
    const shop = openShop()
    const payer = cards('pm_good', 'pm_good')
    const paidFetch = wrapFetch(fetch, { payer })
    await paidFetch(shop.url('/paid/100'))
    const elsewhere = localStore()
    const record = elsewhere.get(location.origin)
    if (!record) throw new Error('nothing is remembered')
    elsewhere.set(location.origin, { ...record, clients: {}, signOuts: 1 })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(2)
  })

  test('works from memory where the browser refuses storage', () => {
    const { setItem } = Storage.prototype
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    try {
      const store = localStore()
      const record = { clients: {}, asked: {}, purchases: {} }
      store.set('https://a.example', record)
      expect(store.get('https://a.example')).toBe(record)
      expect(store.get('https://b.example')).toBeUndefined()
      store.delete('https://a.example')
      expect(store.get('https://a.example')).toBeUndefined()
    } finally {
      Storage.prototype.setItem = setItem
    }
  })

  test('answers with what it could not write, until the person signs out elsewhere', async () => {
    const shop = openShop()
    const store = localStore()
    const payer = cards('pm_good', 'pm_good')
    const paidFetch = wrapFetch(fetch, { payer, store })
    expect((await paidFetch(shop.url('/free'))).status).toBe(200)
    const empty = { clients: {}, asked: {}, purchases: {} }
    localStorage.setItem(key, JSON.stringify(empty))
    const { setItem } = Storage.prototype
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    try {
      const answers = await Promise.all([1, 2, 3].map((n) => paidFetch(shop.url(`/paid/100?n=${n}`))))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      expect((await shop.state()).charges).toHaveLength(1)
    } finally {
      Storage.prototype.setItem = setItem
    }
    expect(store.get(location.origin)?.clients.usd?.balanceUnits).toBe(49_700)
    localStorage.setItem(key, JSON.stringify({ ...empty, signOuts: 1 }))
    expect(store.get(location.origin)?.clients).toEqual({})
  })

  const record = (balanceUnits: number, epoch: number): OriginRecord => {
    const [clientId] = [Object.values(first.clients)[0]?.clientId]
    if (!clientId) throw new Error('the shop has an account')
    return { clients: { usd: { clientId, balanceUnits, epoch } }, asked: {}, purchases: {} }
  }
  let first: OriginRecord
  /** Another tab writes, which has not seen what this one wrote. */
  const writeElsewhere = (now: OriginRecord): void => {
    const oldValue = localStorage.getItem(key)
    localStorage.setItem(key, JSON.stringify(now))
    dispatchEvent(new StorageEvent('storage', { key, oldValue, newValue: JSON.stringify(now) }))
  }
  const balanceOf = (text: string | null): unknown => JSON.parse(text ?? '{}').clients?.usd?.balanceUnits

  test('keeps the later of two balances when tabs write over each other, and says so', async () => {
    const shop = openShop()
    const store = localStore()
    await wrapFetch(fetch, { payer: cards('pm_good'), store })(shop.url('/paid/100'))
    first = store.get(location.origin) ?? record(0, 0)
    const told: unknown[] = []
    const stop = store.watch?.((_origin, { clients }, before) =>
      told.push([clients.usd?.balanceUnits, before?.clients.usd?.balanceUnits]),
    )
    store.set(location.origin, record(90, 1))
    // Older, then newer within the epoch, then of an epoch that is over, then after a top-up.
    for (const [balance, epoch, kept] of [
      [95, 1, 90],
      [80, 1, 80],
      [10, 0, 80],
      [500, 2, 500],
    ] as const) {
      writeElsewhere(record(balance, epoch))
      expect(balanceOf(localStorage.getItem(key))).toBe(kept)
      expect(store.get(location.origin)?.clients.usd?.balanceUnits).toBe(kept)
    }
    expect(told[0]).toEqual([90, 95])
    localStorage.clear()
    expect(store.get(location.origin)).toBeUndefined()
    stop?.()
  })
})
