import { describe, expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { memoryKeys } from './device-keys.js'
import { cards } from './testing/cards.fixture.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

describe('wrapFetch on a machine whose clock is wrong', () => {
  test.each(['own', 'other'] as const)(
    'signs again by the clock of the seller (%s origin)',
    async (where) => {
      const shop = openShop(where)
      const store = memoryStore()
      const payer = cards('pm_good')
      const options = { payer, store, deviceKeys: memoryKeys(), origins: [shop.origin] }
      const paidFetch = wrapFetch(fetch, options)
      expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
      // What a page finds after a reload: a token that has run out.
      const record = store.get(shop.origin)
      const account = record?.clients.usd
      if (!account) throw new Error('the account is remembered')
      const session = { token: 'old', heardAtMs: Date.now() - 570_000 }
      store.set(shop.origin, { ...record, clients: { usd: { ...account, session } } })
      await shop.set({ clockAheadMs: 600_000 })
      expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
      expect(payer.asked).toHaveLength(1)
      const proofs = (await shop.seen()).slice(2).map(({ payment }) => payment?.proof)
      expect(proofs).toEqual([expect.any(String), expect.any(String)])
    },
  )

  test('asks the payer, and signs no second time, where the clock of the seller tells nothing new', async () => {
    const shop = openShop()
    const store = memoryStore()
    const payer = cards('pm_good')
    const paidFetch = wrapFetch(fetch, { payer, store, deviceKeys: memoryKeys() })
    await paidFetch(shop.url('/paid/100'))
    // A clock that no Date header tells of.
    await shop.set({ clockAheadMs: 600_000, hidesDate: true })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(402)
    expect(payer.asked).toHaveLength(2)
    expect((await shop.seen()).slice(2).filter(({ payment }) => payment?.proof)).toHaveLength(1)
  })
})

describe('wrapFetch with a key that is of no use', () => {
  test('pays without one where it cannot sign', async () => {
    const shop = openShop()
    const algorithm = { name: 'Ed25519' }
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    if (!('privateKey' in pair)) throw new Error('Ed25519 has pairs')
    const keys = { find: async () => pair, make: async () => pair, forget: async () => {} }
    const paidFetch = wrapFetch(fetch, { payer: cards('pm_good'), store: memoryStore(), deviceKeys: keys })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect((await shop.seen()).map(({ payment }) => payment?.proof)).toEqual([undefined, undefined])
  })
})
