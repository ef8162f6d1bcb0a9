import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

const SCRIPTS = "script-src 'nonce-q1W2e3=' https://js.stripe.com"
const html = { headers: { accept: 'text/html,*/*;q=0.8' } }
let shop: Shop
let policy: string

beforeEach(async () => {
  policy = SCRIPTS
  shop = await openShop(
    (app, paywall) => {
      app.use((_request, response, next) => {
        if (policy) response.set('content-security-policy', policy)
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
    const reply = await shop.get('/report', html)
    expect(reply.status).toBe(402)
    expect(reply.text).toContain('nonce="q1W2e3=" src="/paywall.js"')
  })

  it.each([
    ['there is no policy', '', '<style>'],
    ['the policy does not speak of styles', SCRIPTS, '<style>'],
    ['the policy has a nonce for them', `${SCRIPTS}; style-src 'self' 'nonce-aB3='`, '<style nonce="aB3=">'],
    ['all have one nonce', "default-src 'self' 'nonce-aB3='", '<style nonce="aB3=">'],
    ['the policy forbids them', `${SCRIPTS}; style-src 'self'`, undefined],
    ['the policy forbids everything', `default-src 'none'; ${SCRIPTS}`, undefined],
  ])('has a style where %s and none may be blocked', async (_where, given, style) => {
    policy = given
    const { text } = await shop.get('/report', html)
    expect(/<style.*?>/.exec(text)?.[0]).toBe(style)
  })

  it('is JSON to a script', async () => {
    const reply = await shop.get('/report', { headers: { accept: 'application/json' } })
    expect(JSON.parse(reply.text)).toMatchObject({ stripe402Version: 1 })
  })
})
