import { afterEach, describe, expect, test, vi } from 'vitest'
import { memoryStore } from './client-store.js'
import { memoryKeys } from './device-keys.js'
import { originMemory } from './origin-memory.js'
import { signOut } from './sign-out.js'
import { cards } from './testing/cards.fixture.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

afterEach(() => vi.unstubAllGlobals())

describe('signOut', () => {
  test('forgets account and key of the client whose store and keys it is given', async () => {
    const shop = openShop()
    const keeper = { store: memoryStore(), deviceKeys: memoryKeys() }
    await wrapFetch(fetch, { payer: cards('pm_good'), ...keeper })(shop.url('/paid/100'))
    expect(keeper.store.get(shop.origin)?.clients.usd).toBeDefined()
    expect(await keeper.deviceKeys.find(shop.origin)).toBeDefined()
    await signOut(shop.origin, keeper)
    expect(keeper.store.get(shop.origin)).toMatchObject({ clients: {}, signOuts: 1 })
    expect(await keeper.deviceKeys.find(shop.origin)).toBeUndefined()
  })

  test('is not undone by a receipt that was under way, which still counts as spent', async () => {
    const shop = openShop()
    const keeper = { store: memoryStore(), deviceKeys: memoryKeys() }
    const payer = cards('pm_good')
    const paidFetch = wrapFetch(fetch, { payer, ...keeper })
    await paidFetch(shop.url('/paid/100'))
    const slow = paidFetch(shop.url('/late/slow/paid/200'))
    await shop.arrived('slow')
    await signOut(shop.origin, keeper)
    await shop.open('slow')
    expect((await slow).status).toBe(200)
    expect(keeper.store.get(shop.origin)).toMatchObject({ clients: {}, spent: { inAll: { usd: 300 } } })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
    expect(payer.asked).toHaveLength(2)
  })

  test('is not undone by what another tab has bought before it', async () => {
    const shop = openShop()
    const store = memoryStore()
    await wrapFetch(fetch, { payer: cards('pm_good'), store })(shop.url('/paid/100'))
    const memory = originMemory(store, shop.origin)
    const news = { topUps: memory.topUps() + 1, account: memory.account('usd'), signOuts: memory.signOuts() }
    await signOut(shop.origin, { store, deviceKeys: null })
    memory.adopt('usd', news)
    expect([memory.topUps(), memory.account('usd')]).toEqual([news.topUps, undefined])
    memory.adopt('usd', { ...news, topUps: news.topUps + 1, signOuts: 1 })
    expect(memory.account('usd')).toEqual(news.account)
  })
})
