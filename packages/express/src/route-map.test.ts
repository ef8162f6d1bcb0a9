import { ConfigurationError, createStripe402, MemoryStore } from '@stripe402/server'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expressPaywall } from './express-paywall.js'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop

beforeAll(async () => {
  shop = await openShop((app, paywall, served) => {
    const serve: express.RequestHandler = (request, response) => {
      served.push(`${request.method} ${request.originalUrl}`)
      response.json({})
    }
    app.use(
      paywall.routes({
        'GET /api/joke': { price: 100 },
        'POST /api/images/:id': { price: 1000 },
        'GET /mounted/deep/thing': { price: 100 },
        'ALL /any': { price: 100 },
      }),
    )
    app.get('/api/joke', serve)
    app.post('/api/images/:id', serve)
    app.get('/api/health', serve)
    app.all('/any', serve)
    const inner = express.Router()
    inner.get('/thing', serve)
    app.use('/mounted/deep', inner)
    const priced = express.Router()
    priced.get('/page', serve)
    app.use('/premium', paywall.paymentRequired({ price: 100 }), priced)
  })
})
afterAll(() => shop.stop())

describe('expressPaywall.routes', () => {
  it.each([
    ['GET', '/api/joke'],
    ['HEAD', '/api/joke'],
    ['GET', '/api/joke/'],
    ['GET', '/API/JOKE'],
    ['GET', '/Api/Joke/?a=1'],
    ['GET', '//api/joke'],
    ['GET', '/api//joke'],
    ['GET', '/api/%6Aoke'],
    ['POST', '/api/images/7'],
    ['POST', '/api/images/7/'],
    ['POST', '/API/images/%37'],
    ['GET', '/mounted/deep/thing'],
    ['HEAD', '/MOUNTED/deep/thing/'],
    ['PUT', '/any'],
    ['DELETE', '/ANY/'],
    ['GET', '/premium/page'],
    ['HEAD', '/premium/page'],
    ['GET', '/premium/page/'],
    ['GET', '/PREMIUM/PAGE'],
  ])('lets nobody through unpaid: %s %s', async (method, path) => {
    const before = shop.served.length
    const reply = await shop.get(path, { method })
    expect(reply.status).toBe(402)
    expect(shop.served.length).toBe(before)
  })

  it.each([
    ['GET', '/api/joke'],
    ['HEAD', '/api/joke'],
    ['GET', '/API/JOKE/'],
    ['POST', '/api/images/7'],
    ['GET', '/mounted/deep/thing/'],
    ['PUT', '/any'],
    ['HEAD', '/premium/page'],
  ])('serves who has paid: %s %s', async (method, path) => {
    const reply = await shop.pay(path, { paymentMethodId: 'pm_card_visa' }, { method })
    expect(reply.status).toBe(200)
    expect(shop.served.at(-1)).toBe(`${method} ${path}`)
  })

  it('leaves other routes alone', async () => {
    expect((await shop.get('/api/health')).status).toBe(200)
    expect((await shop.get('/api/nothing')).status).toBe(404)
  })

  it('answers 400 to a path that cannot be decoded', async () => {
    expect((await shop.get('/api/joke%ff')).status).toBe(400)
  })

  it('gives back the price of a path that nobody serves', async () => {
    const reply = await shop.pay('/api//joke', { paymentMethodId: 'pm_card_visa' })
    expect(reply.status).toBe(404)
  })

  it.each(['/api/joke', 'GET', 'FETCH /api/joke', 'GET api/joke'])(
    'refuses "%s" as a route at start-up',
    (route) => {
      const stripe402 = createStripe402({
        stripe: { secretKey: 'sk_test_local' },
        publishableKey: 'pk_test_local',
        secret: 'the shop secret of thirty-two bytes',
        store: new MemoryStore(),
      })
      expect(() => expressPaywall(stripe402).routes({ [route]: { price: 100 } })).toThrow(ConfigurationError)
    },
  )
})
