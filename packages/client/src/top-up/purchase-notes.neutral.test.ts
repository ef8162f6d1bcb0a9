import { type PurchaseId, readPayment } from '@stripe402/core'
import { describe, expect, test, vi } from 'vitest'
import { type ClientStore, memoryStore } from '../client-store.js'
import { signOut } from '../sign-out.js'
import { cards } from '../testing/cards.fixture.js'
import { paying } from '../testing/paying.fixture.js'
import { openShop } from '../testing/shop.fixture.js'
import { wrapFetch } from '../wrap-fetch.js'

describe('wrapFetch, a purchase without an outcome', () => {
  test('surfaces a network error after paying, and spends the credit next time without a new charge', async () => {
    const shop = openShop()
    const payer = cards('pm_lost', 'pm_good')
    const paidFetch = paying({ payer })
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toBeInstanceOf(TypeError)
    expect(payer.outcomes).toEqual([{ type: 'failed', error: 'network', isUnsure: true }])
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test.each([
    ['pm_lost', 'whose reply was lost', '/paid/100'],
    ['pm_good', 'that was answered with a 502', '/paid/100?status=502&receipt=no'],
  ])('asks about %s, %s, although another tab has written over what was noted', async (card, _how, path) => {
    const shop = openShop()
    const store = memoryStore()
    const payer = cards(card, 'pm_good_again')
    const paidFetch = paying({ payer, store })
    await paidFetch(shop.url(path)).catch(() => {})
    const record = store.get(shop.origin)
    store.set(shop.origin, { clients: {}, asked: {}, ...record, purchases: {} })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(1)
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('does not send a lost card again unasked where another tab may have settled its purchase', async () => {
    const shop = openShop()
    const store = memoryStore()
    let isCut = false
    const payer = cards('pm_good', 'pm_good_again')
    const paidFetch = wrapFetch(
      (...args) => (isCut ? Promise.reject(new TypeError('cut')) : fetch(...args)),
      {
        store,
        payer: (...asked) => {
          isCut = payer.asked.length === 0
          return payer(...asked)
        },
      },
    )
    await expect(paidFetch(shop.url('/paid/100'))).rejects.toThrow('cut')
    isCut = false
    const record = store.get(shop.origin) ?? never()
    store.set(shop.origin, { ...record, purchases: {} })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(payer.asked).toHaveLength(2)
    const sent = (await shop.seen()).map(({ payment }) => payment?.paymentMethodId)
    expect(sent.filter((card) => card !== undefined)).toEqual(['pm_good_again'])
  })

  test('asks about its own lost purchase and leaves alone what another tab has noted meanwhile', async () => {
    const shop = openShop()
    const store = memoryStore()
    const payer = cards('pm_lost')
    const paidFetch = paying({ payer, store })
    await paidFetch(shop.url('/paid/100')).catch(() => {})
    const purchaseId = (await openShopPurchase()) ?? never()
    const record = store.get(shop.origin) ?? never()
    const purchases = { usd: { purchaseId, currency: 'usd' } }
    store.set(shop.origin, { ...record, purchases })
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect((await shop.state()).charges).toHaveLength(1)
    expect(store.get(shop.origin)?.purchases).toEqual(purchases)
  })

  test('lets the next waiting request carry the same purchase when the first one’s reply is lost', async () => {
    const shop = openShop()
    const paidFetch = paying({ payer: cards('pm_lost') })
    const answers = await Promise.allSettled([1, 2, 3].map((n) => paidFetch(shop.url(`/paid/100?n=${n}`))))
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect((await shop.state()).charges).toHaveLength(1)
  })

  test('finds an unfinished purchase of an earlier page, and prompts when it came to nothing', async () => {
    const store = memoryStore()
    const shop = openShop()
    await paying({ store, payer: cards('pm_lost') })(shop.url('/paid/100')).catch(() => {})
    const later = cards()
    expect((await paying({ store, payer: later })(shop.url('/paid/100'))).status).toBe(200)
    expect(later.asked).toHaveLength(0)
    expect(store.get(shop.origin)?.purchases).toEqual({})

    const other = openShop()
    const lost: ClientStore = memoryStore()
    lost.set(other.origin, {
      clients: {},
      asked: {},
      purchases: {
        usd: { purchaseId: (await shop.seen())[1]?.payment?.purchaseId ?? never(), currency: 'usd' },
      },
    })
    const asked = cards('pm_good')
    expect((await paying({ store: lost, payer: asked })(other.url('/paid/100'))).status).toBe(200)
    expect(asked.asked.map(({ attempt, reason }) => [attempt, reason])).toEqual([[1, 'payment']])
    expect(asked.asked[0]?.challenge.error).toBeUndefined()
  })

  test('does not say of a purchase whose reply was lost that the 429 after it has refused it', async () => {
    const shop = openShop()
    const payer = cards('pm_lost_busy')
    const paidFetch = paying({ payer })
    await paidFetch(shop.url('/paid/100')).catch(() => {})
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(429)
    expect(payer.outcomes.at(-1)).toEqual({ type: 'failed', error: 'rate_limited', isUnsure: true })
  })

  test('does not send a lost card again once its person has signed out', async () => {
    const shop = openShop()
    const store = memoryStore()
    const [one, other] = [cards('pm_unsent'), cards('pm_good')]
    let payer = one
    const paidFetch = wrapFetch(cutting('pm_unsent'), { store, payer: (...asked) => payer(...asked) })
    await paidFetch(shop.url('/paid/100')).catch(() => {})
    await signOut(shop.origin, { store, deviceKeys: null })
    payer = other
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    const sent = (await shop.seen()).map(({ payment }) => payment?.paymentMethodId)
    expect(sent).toEqual([undefined, undefined, undefined, 'pm_good'])
  })

  test('does not send a lost card again after two minutes without another question', async () => {
    const shop = openShop()
    const payer = cards('pm_unsent', 'pm_good')
    const paidFetch = paying({ payer }, cutting('pm_unsent'))
    await paidFetch(shop.url('/paid/100')).catch(() => {})
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 121_000)
    expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    now.mockRestore()
    expect(payer.asked).toHaveLength(2)
  })
})

/** The id of somebody's purchase. */
async function openShopPurchase(): Promise<PurchaseId | undefined> {
  const shop = openShop()
  await paying({ payer: cards('pm_good') })(shop.url('/paid/100'))
  return (await shop.seen())[1]?.payment?.purchaseId
}

function never(): never {
  throw new Error('the first shop has seen a purchase')
}

/** A `fetch` whose connection is cut before a request with this card is sent. */
function cutting(paymentMethodId: string): typeof fetch {
  return async (...args) => {
    const header = new Request(...args).headers.get('payment')
    const payment = readPayment(header)
    if (payment.ok && payment.value.paymentMethodId === paymentMethodId) throw new TypeError('no connection')
    return fetch(...args)
  }
}
