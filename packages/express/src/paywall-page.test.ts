import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop

beforeEach(async () => {
  shop = await openShop(
    (app, paywall) => {
      app.use((_request, response, next) => {
        response.set('content-security-policy', "script-src 'nonce-q1W2e3=' https://js.stripe.com")
        next()
      })
      app.get('/report', paywall.paymentRequired({ price: 500 }), (_request, response) => {
        response.send('paid')
      })
    },
    { paywallScriptUrl: '/paywall.js' },
  )
})
afterEach(() => shop.stop())

describe('the page that answers a navigation', () => {
  it('carries the nonce of the policy that the app has set', async () => {
    const reply = await shop.get('/report', { headers: { accept: 'text/html,*/*;q=0.8' } })
    expect(reply.status).toBe(402)
    expect(reply.text).toContain('nonce="q1W2e3=" src="/paywall.js"')
  })

  it('is JSON to a script', async () => {
    const reply = await shop.get('/report', { headers: { accept: 'application/json' } })
    expect(JSON.parse(reply.text)).toMatchObject({ stripe402Version: 1 })
  })
})
