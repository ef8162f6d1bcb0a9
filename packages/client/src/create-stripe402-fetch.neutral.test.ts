import type { PaymentRequirements } from '@stripe402/core'
import { describe, expect, test } from 'vitest'
import { createStripe402Fetch, type OnPaymentRequired } from './create-stripe402-fetch.js'
import { openShop } from './testing/shop.fixture.js'

const STALE = 'a'.repeat(64)

function card(...ids: string[]): OnPaymentRequired & { asked: PaymentRequirements[] } {
  const ask: OnPaymentRequired & { asked: PaymentRequirements[] } = Object.assign(
    async (requirements: PaymentRequirements) => {
      const paymentMethodId = ids[ask.asked.push(requirements) - 1]
      return paymentMethodId ? { paymentMethodId, topUpAmount: 50_000 } : null
    },
    { asked: [] as PaymentRequirements[] },
  )
  return ask
}

describe('createStripe402Fetch', () => {
  test('asks with the requirements, pays, and then spends one request per call', async () => {
    const shop = openShop()
    const onPaymentRequired = card('pm_good')
    const paidFetch = createStripe402Fetch({ onPaymentRequired })
    for (let call = 0; call < 3; call++) expect((await paidFetch(shop.url('/paid/100'))).status).toBe(200)
    expect(onPaymentRequired.asked).toMatchObject([{ scheme: 'stripe', amount: 100, minTopUp: 5000 }])
    expect(await shop.seen()).toHaveLength(4)
  })

  test('returns the 402 when the answer is null, and when the card is refused', async () => {
    const shop = openShop()
    expect((await createStripe402Fetch({ onPaymentRequired: card() })(shop.url('/paid/100'))).status).toBe(
      402,
    )
    const ask = card('pm_declined', 'pm_good')
    const refused = await createStripe402Fetch({ onPaymentRequired: ask })(shop.url('/paid/100'))
    expect(await refused.json()).toMatchObject({ errorCode: 'card_declined' })
    expect(ask.asked).toHaveLength(1)
  })

  test('spends a given account without asking, and asks when it is stale', async () => {
    const shop = openShop()
    const first = createStripe402Fetch({ onPaymentRequired: card('pm_good') })
    await first(shop.url('/paid/100'))
    const [clientId = ''] = Object.keys((await shop.state()).balances)[0]?.split(' ') ?? []
    const again = card()
    const restored = createStripe402Fetch({ onPaymentRequired: again, clientId })
    expect((await restored(shop.url('/paid/100'))).status).toBe(200)
    expect(again.asked).toHaveLength(0)
    const ask = card('pm_good')
    const stale = createStripe402Fetch({ onPaymentRequired: ask, clientId: STALE })
    expect((await stale(shop.url('/paid/100'))).status).toBe(200)
    expect(ask.asked).toHaveLength(1)
  })

  test('shows a given account to the first seller that asks, and to no other', async () => {
    const [shop, other] = [openShop(), openShop('other')]
    const paidFetch = createStripe402Fetch({ onPaymentRequired: card(), clientId: STALE })
    await paidFetch(shop.url('/paid/100'))
    await paidFetch(other.url('/paid/100'))
    expect((await shop.seen()).map(({ payment }) => payment?.clientId)).toEqual([undefined, STALE])
    expect((await other.seen()).map(({ payment }) => payment?.clientId)).toEqual([undefined])
  })

  test('takes any fetch as its base', async () => {
    const answer = new Response('mine')
    const paidFetch = createStripe402Fetch({ onPaymentRequired: card() }, async () => answer)
    expect(await paidFetch('http://127.0.0.1/')).toBe(answer)
  })
})
