import type { ClientId } from '@stripe402/core'
import type { Debit } from '@stripe402/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPurchaseId, newRequestId } from './ids.fixture.js'
import { openShop, type Shop } from './shop.fixture.js'

const CARD = 'pm_card_visa'

let shop: Shop

beforeEach(async () => {
  shop = await openShop((app, paywall) => {
    app.get('/api/weather', paywall.paymentRequired({ price: 500 }), (_request, response) => {
      response.json({})
    })
    app.get('/api/dear', paywall.paymentRequired({ price: '$10' }), (_request, response) => {
      response.json({})
    })
  })
})
afterEach(() => shop.stop())

describe('the amount of a top-up', () => {
  it('asks an account in debt for enough to be served, and charges nothing less', async () => {
    const clientId = await shop.topUp()
    await shop.store.debit({ ...debit(clientId), units: 120_000, freezes: false })
    const short = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000 })
    expect(short.challenge?.error).toBe('top_up_below_minimum')
    expect(short.challenge?.message).toContain('$7.05')
    expect(shop.charges()).toEqual([500])
    expect((await shop.pay('/api/weather', { paymentMethodId: CARD })).receipt?.creditsRemaining).toBe(0)
    expect(shop.charges()).toEqual([500, 705])
  })

  it('answers a retry whose top-up has been spent meanwhile', async () => {
    await shop.topUp({ paymentMethodId: CARD, topUpAmount: 60_000 })
    const payment = {
      paymentMethodId: CARD,
      topUpAmount: 50_000,
      purchaseId: newPurchaseId(),
      requestId: newRequestId(),
    }
    expect((await shop.pay('/api/dear', payment)).status).toBe(200)
    expect((await shop.pay('/api/dear', payment)).status).toBe(200)
    expect(shop.charges()).toEqual([500, 600])
  })

  it('does not charge for a resource that a disputed account cannot have', async () => {
    const clientId = await shop.topUp()
    await shop.store.debit({ ...debit(clientId), units: 0, freezes: true })
    const reply = await shop.pay('/api/dear', { paymentMethodId: CARD, topUpAmount: 100_000 })
    expect(reply.status).toBe(403)
    expect(JSON.parse(reply.text)).toMatchObject({ errorCode: 'account_frozen' })
    expect(shop.charges()).toEqual([500])
  })

  it('does not charge for a disputed account whose credit is spent, which is in debt as well', async () => {
    const clientId = await shop.topUp()
    await shop.store.debit({ ...debit(clientId), units: 90_000, freezes: true })
    const payment = { clientId, paymentMethodId: CARD, topUpAmount: 100_000 }
    expect((await shop.pay('/api/weather', payment)).status).toBe(403)
    const bought = await shop.pay('/.well-known/stripe402/top-up', payment, { method: 'POST' })
    expect(bought.status).toBe(403)
    expect(JSON.parse(bought.text)).toMatchObject({ errorCode: 'account_frozen' })
    expect(shop.charges()).toEqual([500])
  })

  it('asks for a top-up that covers the price', async () => {
    const bare = await shop.get('/api/dear')
    expect(bare.challenge?.accepts[0]).toMatchObject({ amount: 100_000, minTopUp: 100_000 })
    const reply = await shop.pay('/api/dear', { paymentMethodId: CARD, topUpAmount: 50_000 })
    expect(reply.challenge?.error).toBe('top_up_below_minimum')
    expect(reply.challenge?.message).toContain('$10.00')
    expect(shop.charges()).toEqual([])
    expect((await shop.pay('/api/dear', { paymentMethodId: CARD })).status).toBe(200)
  })

  it.each([
    [49_999, 'top_up_below_minimum'],
    [5_000_001, 'top_up_above_maximum'],
  ])('refuses a top-up of %i units', async (topUpAmount, error) => {
    const reply = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount })
    expect(reply.challenge?.error).toBe(error)
    expect(shop.charges()).toEqual([])
  })

  it('credits exactly what it charges when the amount is no whole cent', async () => {
    const reply = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_001 })
    expect(reply.receipt?.creditsRemaining).toBe(50_100 - 500)
    expect(shop.charges()).toEqual([501])
  })
})

function debit(clientId: ClientId): Omit<Debit, 'units' | 'freezes'> {
  return { clientId, currency: 'usd', debitId: 're_1', rank: 1, reason: 'refund' }
}
