import { describe, expect, test } from 'vitest'
import type { ClientOptions } from './client.js'
import { memoryStore } from './client-store.js'
import type { Payer } from './payer.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

/** A payer that pays with these cards, one after another, and says no when they have run out. */
function cards(...paymentMethodIds: string[]): Payer & { calls: number } {
  const payer = Object.assign(
    async () => {
      const paymentMethodId = paymentMethodIds[payer.calls++]
      return paymentMethodId ? { paymentMethodId, topUpAmount: 50_000 } : null
    },
    { calls: 0 },
  )
  return payer
}

function paying(options: ClientOptions): typeof fetch {
  return wrapFetch(fetch, { store: memoryStore(), ...options })
}

describe('wrapFetch', () => {
  test('pays once and spends one request on every later call', async () => {
    const shop = openShop()
    const payer = cards('pm_good')
    const paidFetch = paying({ payer })
    const first = await paidFetch(shop.url('/paid/100'))
    expect(first.status).toBe(200)
    expect(await first.json()).toEqual({ method: 'GET', body: '', price: 100 })
    for (let click = 0; click < 5; click++) expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.calls).toBe(1)
    const { charges, seen } = await shop.state()
    expect(charges).toHaveLength(1)
    expect(seen).toHaveLength(7)
  })
})
