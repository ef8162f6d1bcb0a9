import { beforeEach, describe, expect, test } from 'vitest'
import { localStore } from './client-store.js'
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
})
