import { describe, expect, test } from 'vitest'
import { type ClientStore, memoryStore } from './client-store.js'
import { memoryKeys } from './device-keys.js'
import type { Payer, PaymentChoice } from './payer.js'
import { openShop, type ShopFixture } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

const KEPT = { savedCard: true, topUpAmount: 100_000 } as const

/** Chooses one thing after another. */
function choosing(...choices: PaymentChoice[]): Payer {
  return async () => choices.shift() ?? null
}

function paying(payer: Payer, store: ClientStore, deviceKeys = memoryKeys()): typeof fetch {
  return wrapFetch(fetch, { payer, store, deviceKeys, delay: async () => {} })
}

/** The payments that open or carry on a purchase. */
async function purchasesOf(shop: ShopFixture): Promise<Record<string, unknown>[]> {
  return (await shop.seen()).flatMap(({ payment }) => (payment?.purchaseId ? [{ ...payment }] : []))
}

describe('a payer that charges the kept card', () => {
  test('sends no PaymentMethod, but whose card it is, what was decided, and a signature', async () => {
    const shop = openShop()
    const store = memoryStore()
    const paidFetch = paying(choosing({ paymentMethodId: 'pm_good', saveCard: true }, KEPT), store)
    expect((await paidFetch(shop.url('/paid/5000'))).status).toBe(200)
    expect((await paidFetch(shop.url('/paid/5000'))).status).toBe(200)
    const [entered, kept, ...rest] = await purchasesOf(shop)
    expect(rest).toEqual([])
    expect(entered).toMatchObject({ paymentMethodId: 'pm_good', saveCard: true })
    const clientId = store.get(shop.origin)?.clients.usd?.clientId
    expect(kept).toMatchObject({ savedCard: true, topUpAmount: 100_000, clientId, currency: 'usd' })
    expect(kept).toMatchObject({ proof: expect.any(String), purchaseId: expect.any(String) })
    expect(kept).not.toHaveProperty('paymentMethodId')
    expect(kept).not.toHaveProperty('saveCard')
    expect((await shop.state()).charges.map(({ amount }) => amount)).toEqual([5000, 100_000])
  })

  test('is asked for another one when the seller has it no longer', async () => {
    const shop = openShop()
    const card = { paymentMethodId: 'pm_good' }
    const paidFetch = paying(choosing(KEPT, card), memoryStore())
    expect((await paidFetch(shop.url('/paid/5000'))).status).toBe(200)
    expect((await purchasesOf(shop)).map(({ savedCard }) => savedCard)).toEqual([true, undefined])
    expect((await shop.state()).charges).toHaveLength(1)
  })
})

describe('PaymentContext.savedCard', () => {
  test('asks nobody while no account is known, or no key could charge the card', async () => {
    const shop = openShop()
    const store = memoryStore()
    const told: unknown[] = []
    const payer: Payer = async (_challenge, { savedCard }) => {
      told.push(await savedCard())
      return { paymentMethodId: 'pm_good' }
    }
    await paying(payer, store)(shop.url('/paid/5000'))
    await paying(payer, store, memoryKeys())(shop.url('/paid/5000'))
    expect(told).toEqual([null, null])
  })
})
