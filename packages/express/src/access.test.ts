import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop

beforeEach(async () => {
  shop = await openShop((app, paywall) => {
    app.get('/article', paywall.paymentRequired({ price: 500, access: '24h' }), (_request, response) => {
      response.send('the article')
    })
  })
})
afterEach(() => shop.stop())

describe('a price with access', () => {
  it('charges nothing for a reload that follows at once', async () => {
    const first = await shop.pay('/article', { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 })
    const clientId = first.receipt?.clientId
    for (let reload = 0; reload < 20; reload += 1)
      expect((await shop.pay('/article', { clientId })).receipt).toMatchObject({
        charged: 0,
        creditsRemaining: 49_500,
      })
  })
})
