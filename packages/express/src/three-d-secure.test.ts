import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop

beforeEach(async () => {
  shop = await openShop((app, paywall, served) => {
    app.get('/api/weather', paywall.paymentRequired({ price: 500 }), (_request, response) => {
      served.push('weather')
      response.json({})
    })
  })
})
afterEach(() => shop.stop())

describe('3-D Secure', () => {
  const CARD = 'pm_card_visa'
  const SOME_INTENT = 'pi_3OfSomebodyElse00000000'
  const CARD_3DS = 'pm_card_threeDSecure2Required'

  it('hands out the next action, then serves the continued purchase', async () => {
    const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    expect(asked.status).toBe(402)
    expect(asked.challenge?.error).toBe('authentication_required')
    const next = asked.challenge?.nextAction
    shop.stripe.stripeLocal.authenticate(String(next?.paymentIntentId), 'approve')
    const paid = await shop.pay('/api/weather', {
      purchaseId: next?.purchaseId,
      paymentIntentId: next?.paymentIntentId,
    })
    expect(paid.status).toBe(200)
    expect(paid.receipt).toMatchObject({ creditsRemaining: 49_500, chargeId: next?.paymentIntentId })
    expect(shop.charges()).toEqual([500])
  })

  it('answers a failed check with a challenge, and takes another card', async () => {
    const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    const next = asked.challenge?.nextAction
    shop.stripe.stripeLocal.authenticate(String(next?.paymentIntentId), 'fail')
    const refused = await shop.pay('/api/weather', {
      purchaseId: next?.purchaseId,
      paymentIntentId: next?.paymentIntentId,
    })
    expect(refused.challenge).toMatchObject({
      error: 'payment_failed',
      decline: { code: 'authentication_failed' },
    })
    expect((await shop.pay('/api/weather', { paymentMethodId: CARD })).status).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it('joins a bank check that is under way instead of starting another', async () => {
    const first = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    const second = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    expect(second.challenge?.nextAction).toEqual(first.challenge?.nextAction)
  })

  it('credits a tab that was closed, by the webhook', async () => {
    await shop.stripe.stripeLocal.webhooks.add({
      url: `${shop.url}/.well-known/stripe402/webhook`,
      secret: 'whsec_shop',
    })
    const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    const next = asked.challenge?.nextAction
    shop.stripe.stripeLocal.authenticate(String(next?.paymentIntentId), 'approve')
    await shop.stripe.stripeLocal.webhooks.settled()
    const purchase = next && (await shop.store.purchase(next.purchaseId))
    expect(purchase?.status).toBe('credited')
    expect((await shop.account(purchase?.clientId)).available).toBe(50_000)
  })

  it('is cancelled before a store that lost the purchase calls it failed', async () => {
    const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    const next = asked.challenge?.nextAction
    shop.store.purchase = async () => null
    const { purchaseId, paymentIntentId } = { ...next }
    const reply = await shop.pay('/api/weather', { purchaseId, paymentIntentId })
    expect(reply.challenge?.error).toBe('payment_failed')
    expect(shop.stripe.stripeLocal.state.paymentIntents()[0]?.status).toBe('canceled')
  })

  it('of which only the purchase is named, which the store does not know, is not said to be unpaid', async () => {
    const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    const next = asked.challenge?.nextAction
    shop.stripe.stripeLocal.authenticate(String(next?.paymentIntentId), 'approve')
    shop.store.purchase = async () => null
    const { challenge } = await shop.pay('/api/weather', { purchaseId: next?.purchaseId })
    expect(challenge?.error).toBe('payment_failed')
    expect(challenge?.message).toMatch(/nobody has looked for a payment/)
    const named = await shop.pay('/api/weather', {
      purchaseId: next?.purchaseId,
      paymentIntentId: SOME_INTENT,
    })
    expect(named.challenge?.message).toMatch(/no payment was found/)
  })

  it('is credited by a store that lost the purchase', async () => {
    const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    const next = asked.challenge?.nextAction
    shop.stripe.stripeLocal.authenticate(String(next?.paymentIntentId), 'approve')
    shop.store.purchase = async () => null
    const { purchaseId, paymentIntentId } = { ...next }
    const reply = await shop.pay('/api/weather', { purchaseId, paymentIntentId })
    expect(reply.receipt).toMatchObject({ creditsRemaining: 49_500, chargeId: paymentIntentId })
  })

  it('of another card is cancelled when the person chooses a new one for the same purchase', async () => {
    const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    const purchaseId = asked.challenge?.nextAction?.purchaseId
    const paid = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000, purchaseId })
    expect(paid.status).toBe(200)
    const statuses = shop.stripe.stripeLocal.state.paymentIntents().map((intent) => intent.status)
    expect(statuses.sort()).toEqual(['canceled', 'succeeded'])
  })
})
