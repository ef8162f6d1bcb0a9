import { HEADERS, serializePayment } from '@stripe402/core'
import { createStripe402, type PaidRequest, type Stripe402 } from '@stripe402/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

const OLD = 'the shop secret of thirty-two bytes'
const NEW = 'the next secret of thirty-two bytes'

let shop: Shop
let rotated: Stripe402

beforeEach(async () => {
  shop = await openShop(() => {})
  const { keys } = shop.stripe.stripeLocal
  rotated = createStripe402({
    stripe: { secretKey: keys.secretKey, apiBase: shop.stripe.url },
    publishableKey: keys.publishableKey,
    secret: [NEW, OLD],
    webhookSecret: 'whsec_shop',
    store: shop.store,
    logger: { warn() {}, error() {} },
  })
})
afterEach(() => shop.stop())

function buying(paymentMethodId: string): PaidRequest {
  const header = serializePayment({ paymentMethodId, topUpAmount: 50_000 })
  return {
    method: 'POST',
    url: '/.well-known/stripe402/top-up',
    header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
  }
}

async function clientOf(engine: Stripe402, paymentMethodId: string): Promise<string> {
  return JSON.parse((await engine.topUp(buying(paymentMethodId))).body).clientId
}

describe('a server with a newer secret', () => {
  it('finds the account that a card has under the older one', async () => {
    const before = await clientOf(shop.stripe402, 'pm_card_visa')
    expect(await clientOf(rotated, 'pm_card_visa')).toBe(before)
    expect((await shop.store.audit()).totals.usd?.available).toBe(100_000)
  })

  it('gives a new card an id of the newer one, and keeps it', async () => {
    const first = await clientOf(rotated, 'pm_card_mastercard')
    expect(await clientOf(rotated, 'pm_card_mastercard')).toBe(first)
    // Under the older secret alone the same card is somebody else.
    expect(await clientOf(shop.stripe402, 'pm_card_mastercard')).not.toBe(first)
  })

  it('credits what was charged under the older one', async () => {
    const { stripe } = shop.stripe402.settings
    await clientOf(shop.stripe402, 'pm_card_visa')
    const intent = shop.stripe.stripeLocal.state.paymentIntents()[0]
    const body = JSON.stringify({ type: 'payment_intent.succeeded', data: { object: intent } })
    const signature = stripe.webhooks.generateTestHeaderString({ payload: body, secret: 'whsec_shop' })
    expect(await rotated.webhook(body, signature)).toMatchObject({ status: 200, body: 'Credited.' })
  })
})
