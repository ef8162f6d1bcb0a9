import { type ClientId, HEADERS, serializePayment } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPurchaseId } from './ids.fixture.js'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop

beforeEach(async () => {
  shop = await openShop((app, paywall) => {
    app.get('/api/map', paywall.paymentRequired({ price: { usd: 100, eur: 90 } }), (_request, response) => {
      response.json({})
    })
  })
})
afterEach(() => shop.stop())

describe('the balance endpoint', () => {
  it('tells what a client has, by currency', async () => {
    const clientId = await shop.topUp()
    const reply = await shop.pay('/.well-known/stripe402/balance', { clientId })
    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.text)).toEqual({
      clientId,
      balances: [
        { currency: 'usd', available: 50_000, held: 0, frozen: false },
        // A route takes euros, so a payer may have some.
        { currency: 'eur', available: 0, held: 0, frozen: false },
      ],
    })
    expect(reply.receipt).toMatchObject({ clientId, creditsRemaining: 50_000, charged: 0 })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('access-control-expose-headers')).toContain('payment-response')
  })

  it.each([
    ['nothing', {}],
    ['garbage', { [HEADERS.PAYMENT]: 'null' }],
    ['a card only', { [HEADERS.PAYMENT]: serializePayment({ paymentMethodId: 'pm_card_visa' }) }],
  ])('answers 402 to %s, and asks Stripe nothing', async (_what, headers) => {
    const reply = await shop.get('/.well-known/stripe402/balance', { headers })
    expect(reply.status).toBe(402)
    expect(shop.stripe.stripeLocal.log.entries).toEqual([])
  })
})

describe('the history endpoint', () => {
  const HISTORY = '/.well-known/stripe402/history'

  async function entries(clientId: ClientId, query = ''): Promise<Record<string, unknown>[]> {
    const reply = await shop.pay(HISTORY + query, { clientId })
    expect(reply.status).toBe(200)
    return JSON.parse(reply.text).entries
  }

  it('tells what came and went, newest first, with the charge to name', async () => {
    const clientId = await shop.topUp()
    await shop.pay('/api/map', { clientId })
    await shop.account(clientId)
    expect(await entries(clientId)).toMatchObject([
      { kind: 'spend', units: -100, reference: 'GET /api/map' },
      { kind: 'top_up', units: 50_000, reference: expect.stringMatching(/^pi_/) },
    ])
  })

  it('goes on from an entry that is known already', async () => {
    const clientId = await shop.topUp()
    await shop.topUp()
    const [newest] = await entries(clientId, '?limit=1')
    const [next, ...rest] = await entries(clientId, `?limit=1&before=${newest?.id}`)
    expect(next?.id).not.toBe(newest?.id)
    expect(rest).toEqual([])
    expect(await entries(clientId, `?before=${next?.id}`)).toEqual([])
  })

  it.each(['?limit=0', '?limit=-1', '?limit=1e9', '?limit=x', '?before=99999999999999999999'])(
    'takes %s for no harm',
    async (query) => {
      const clientId = await shop.topUp()
      expect((await entries(clientId, query)).length).toBeLessThanOrEqual(1)
    },
  )

  it('answers 400 to a place that no history has', async () => {
    const clientId = await shop.topUp()
    expect((await shop.pay(`${HISTORY}?before=';drop`, { clientId })).status).toBe(400)
  })

  it('has no history in a currency that is not taken', async () => {
    const clientId = await shop.topUp()
    expect((await shop.pay(`${HISTORY}?currency=jpy`, { clientId })).status).toBe(402)
  })

  it('tells nothing to whoever names no client', async () => {
    expect((await shop.get(HISTORY)).status).toBe(402)
    expect((await shop.pay(HISTORY, { paymentMethodId: 'pm_card_visa' })).status).toBe(402)
  })
})

describe('the top-up endpoint', () => {
  it('says what can be bought', async () => {
    const reply = await shop.get('/.well-known/stripe402/top-up')
    expect(reply.challenge?.accepts[0]).toMatchObject({ amount: 0, minTopUp: 50_000 })
  })

  it('charges nothing on GET, which promises to be safe', async () => {
    const reply = await shop.pay('/.well-known/stripe402/top-up', { paymentMethodId: 'pm_card_visa' })
    expect(reply.status).toBe(402)
    expect(shop.charges()).toEqual([])
  })

  it('charges once per purchase, whatever the balance is', async () => {
    const purchaseId = newPurchaseId()
    const payment = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, purchaseId }
    const clientId = await shop.topUp(payment)
    expect(await shop.topUp(payment)).toBe(clientId)
    expect(await shop.topUp({ ...payment, purchaseId: newPurchaseId() })).toBe(clientId)
    expect(shop.charges()).toEqual([500, 500])
    expect((await shop.account(clientId)).available).toBe(100_000)
  })
})

describe('the endpoint that forgets a card', () => {
  it('is there for whoever shows whose the card is, and for nobody else', async () => {
    const clientId = await shop.topUp()
    const reply = await shop.pay('/.well-known/stripe402/forget-card', { clientId }, { method: 'POST' })
    expect(reply.status).toBe(402)
    expect(JSON.parse(reply.text)).toMatchObject({ errorCode: 'proof_required' })
    expect((await shop.get('/.well-known/stripe402/forget-card')).status).toBe(404)
  })
})
