import type { ClientId } from '@stripe402/core'
import { MemoryStore } from '@stripe402/server'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientIdOf, newPurchaseId, newRequestId } from './ids.fixture.js'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop
let nowMs: number

beforeEach(async () => {
  nowMs = Date.now()
  const store = new MemoryStore({ clock: () => nowMs })
  shop = await openShop(
    (app, paywall, served) => {
      app.get(
        '/api/weather',
        paywall.paymentRequired({ price: 500, description: 'Weather' }),
        (_request, response) => {
          served.push('weather')
          response.json({ temperature: 21 })
        },
      )
      app.get('/api/dear', paywall.paymentRequired({ price: '$10' }), (_request, response) => {
        served.push('dear')
        response.json({ dear: true })
      })
      app.get('/api/broken', paywall.paymentRequired({ price: 500 }), (_request, response) => {
        served.push('broken')
        response.status(500).json({ broken: true })
      })
      app.get('/api/throws', paywall.paymentRequired({ price: 500 }), () => {
        served.push('throws')
        throw new RangeError('the handler threw')
      })
      app.get(
        '/api/article',
        paywall.paymentRequired({ price: 500, access: '24h' }),
        (_request, response) => {
          served.push('article')
          response.send('the article')
        },
      )
      app.get(
        '/api/two',
        paywall.paymentRequired({ price: { usd: 500, eur: 450 } }),
        (_request, response) => {
          response.send('two')
        },
      )
      app.get('/api/free', paywall.paymentRequired({ price: 0 }), (_request, response) => {
        response.send('free')
      })
      const club = express.Router()
      club.get('/vault', paywall.paymentRequired({ price: 9000 }), (_request, response) => {
        response.send('vault')
      })
      app.use('/club', paywall.paymentRequired({ price: 100 }), club)
    },
    { store },
  )
})
afterEach(() => shop.stop())

const CARD = 'pm_card_visa'

describe('a paid route', () => {
  it('answers 402 with the price when nothing is sent', async () => {
    const reply = await shop.get('/api/weather?city=Oslo')
    expect(reply.status).toBe(402)
    expect(reply.challenge).toMatchObject({
      stripe402Version: 1,
      resource: { url: '/api/weather?city=Oslo', description: 'Weather' },
      accepts: [
        { scheme: 'stripe', currency: 'usd', amount: 500, minTopUp: 50_000, publishableKey: 'pk_test_local' },
      ],
    })
    expect(reply.challenge?.error).toBeUndefined()
    expect(JSON.parse(reply.text)).toMatchObject({ stripe402Version: 1, accepts: [{ amount: 500 }] })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('access-control-expose-headers')).toContain('payment-required')
    expect(shop.served).toEqual([])
  })

  it('charges the card once for a block of credits and serves', async () => {
    const reply = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000 })
    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.text)).toEqual({ temperature: 21 })
    expect(reply.receipt).toMatchObject({
      success: true,
      creditsRemaining: 49_500,
      charged: 500,
      currency: 'usd',
    })
    expect(reply.receipt?.chargeId).toMatch(/^pi_/)
    expect(reply.headers.get('cache-control')).toBe('private')
    expect(shop.charges()).toEqual([500])
  })

  it('spends the balance without asking Stripe', async () => {
    const clientId = await spendOnce()
    const before = shop.stripe.stripeLocal.log.entries.length
    const reply = await shop.pay('/api/weather', { clientId })
    expect(reply.status).toBe(200)
    expect(reply.receipt).toMatchObject({ creditsRemaining: 49_000, charged: 500 })
    expect(reply.receipt?.chargeId).toBeUndefined()
    expect(shop.stripe.stripeLocal.log.entries.length).toBe(before)
  })

  it('gives the same card the same client id on another purchase', async () => {
    const clientId = await spendOnce()
    const reply = await shop.pay(
      '/.well-known/stripe402/top-up',
      { paymentMethodId: CARD, topUpAmount: 100_000 },
      { method: 'POST' },
    )
    expect(reply.status).toBe(200)
    expect(reply.receipt).toMatchObject({ clientId, creditsRemaining: 149_500 })
    expect(shop.charges()).toEqual([500, 1000])
  })

  it('tells a client that ran dry, without charging', async () => {
    const reply = await shop.pay('/api/weather', { clientId: clientIdOf('a'.repeat(64)) })
    expect(reply.status).toBe(402)
    expect(reply.challenge?.error).toBe('insufficient_credits')
    expect(JSON.parse(reply.text)).toMatchObject({
      success: false,
      errorCode: 'insufficient_credits',
      status: 402,
    })
  })

  it('answers a decline with a challenge that can be tried again', async () => {
    const reply = await shop.pay('/api/weather', {
      paymentMethodId: 'pm_card_chargeDeclined',
      topUpAmount: 50_000,
    })
    expect(reply.status).toBe(402)
    expect(reply.challenge).toMatchObject({ error: 'card_declined', decline: { code: 'generic_decline' } })
    expect(shop.served).toEqual([])
    const again = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000 })
    expect(again.status).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it.each(['lost_card', 'stolen_card'])('does not tell that a card is reported as %s', async (code) => {
    const name = {
      lost_card: 'pm_card_visa_chargeDeclinedLostCard',
      stolen_card: 'pm_card_visa_chargeDeclinedStolenCard',
    }[code]
    const reply = await shop.pay('/api/weather', { paymentMethodId: String(name), topUpAmount: 50_000 })
    expect(reply.challenge?.decline?.code).toBe('generic_decline')
    expect(reply.text).not.toContain(code)
  })

  it('takes another card for the same purchase after a decline', async () => {
    const purchaseId = newPurchaseId()
    const declined = await shop.pay('/api/weather', { paymentMethodId: 'pm_card_chargeDeclined', purchaseId })
    expect(declined.challenge?.error).toBe('card_declined')
    const same = await shop.pay('/api/weather', { paymentMethodId: 'pm_card_chargeDeclined', purchaseId })
    expect(same.challenge?.error).toBe('card_declined')
    const paid = await shop.pay('/api/weather', { paymentMethodId: CARD, purchaseId })
    expect(paid.status).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it('answers a retry with the same purchaseId without charging again', async () => {
    const purchaseId = newPurchaseId()
    const first = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000, purchaseId })
    const second = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000, purchaseId })
    expect([first.status, second.status]).toEqual([200, 200])
    expect(shop.charges()).toEqual([500])
  })

  it.each([1, 2, 5, 50])('charges once for %i parallel first requests of one card', async (count) => {
    const replies = await Promise.all(
      Array.from({ length: count }, () =>
        shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000 }),
      ),
    )
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]))
    expect(shop.charges()).toEqual([500])
    expect((await shop.account(replies[0]?.receipt?.clientId)).available).toBe(50_000 - 500 * count)
  })

  it('does not deduct twice for one requestId, and serves it at most twice', async () => {
    const clientId = await spendOnce()
    const requestId = newRequestId()
    const statuses: number[] = []
    for (let run = 0; run < 3; run += 1)
      statuses.push((await shop.pay('/api/weather', { clientId, requestId })).status)
    expect(statuses).toEqual([200, 200, 402])
    expect((await shop.account(clientId)).available).toBe(49_000)
  })

  it('refuses a requestId that stood for another URL', async () => {
    const clientId = await spendOnce()
    const requestId = newRequestId()
    await shop.pay('/api/weather', { clientId, requestId })
    const other = await shop.pay('/api/weather?city=Oslo', { clientId, requestId })
    expect(other.status).toBe(402)
    expect(other.challenge?.error).toBe('invalid_payment')
  })

  it.each(['/api/broken', '/api/throws'])('takes nothing when %s fails', async (path) => {
    const clientId = await spendOnce()
    const reply = await shop.pay(path, { clientId })
    expect(reply.status).toBe(500)
    expect(reply.receipt).toBeNull()
    await shop.stripe402.close()
    expect(await shop.account(clientId)).toMatchObject({ available: 49_500, held: 0 })
  })

  it('keeps the credit of a top-up whose handler failed, and says whose it is', async () => {
    const reply = await shop.pay('/api/broken', { paymentMethodId: CARD, topUpAmount: 50_000 })
    expect(reply.status).toBe(500)
    expect(reply.receipt).toMatchObject({ success: false, charged: 0, creditsRemaining: 50_000 })
    expect((await shop.account(reply.receipt?.clientId)).available).toBe(50_000)
  })

  it('shows a resource with access again without charging, to its payer only', async () => {
    const first = await shop.pay('/api/article', { paymentMethodId: CARD, topUpAmount: 50_000 })
    const clientId = first.receipt?.clientId
    await shop.stripe402.close()
    const again = await shop.pay('/api/article', { clientId })
    expect(again.receipt).toMatchObject({ charged: 0, creditsRemaining: 49_500 })
    expect((await shop.pay('/api/article', { clientId: clientIdOf('b'.repeat(64)) })).status).toBe(402)
  })

  it('keeps a balance per currency', async () => {
    const challenge = (await shop.get('/api/two')).challenge
    expect(challenge?.accepts.map(({ currency, amount }) => [currency, amount])).toEqual([
      ['usd', 500],
      ['eur', 450],
    ])
    const clientId = await spendOnce()
    const reply = await shop.pay('/api/two', { clientId, currency: 'eur' })
    expect(reply.challenge?.error).toBe('insufficient_credits')
    expect((await shop.pay('/api/two', { clientId, currency: 'jpy' })).challenge?.error).toBe(
      'unsupported_currency',
    )
  })

  it('spends what a purchase brought in its own currency only', async () => {
    const purchaseId = newPurchaseId()
    const bought = await shop.pay('/api/two', { paymentMethodId: CARD, currency: 'eur', purchaseId })
    expect(bought.status).toBe(200)
    const left = (await shop.account(bought.receipt?.clientId, 'eur')).available
    // 500 units of one currency are not 500 units of another: the same purchase must not pay the other price.
    const other = await shop.pay('/api/two', { paymentMethodId: CARD, currency: 'usd', purchaseId })
    expect([other.status, other.challenge?.error]).toEqual([402, 'unsupported_currency'])
    expect((await shop.account(bought.receipt?.clientId, 'eur')).available).toBe(left)
  })

  it('charges another card of a purchase on the day after the first was declined', async () => {
    const purchaseId = newPurchaseId()
    await shop.pay('/api/weather', { paymentMethodId: 'pm_card_chargeDeclined', purchaseId })
    nowMs += 21 * 3_600_000
    expect((await shop.pay('/api/weather', { paymentMethodId: CARD, purchaseId })).status).toBe(200)
  })

  it('takes both prices when a paid route lies in a paid router, for one requestId', async () => {
    const clientId = await shop.topUp()
    const reply = await shop.pay('/club/vault', { clientId, requestId: newRequestId() })
    expect(reply.status).toBe(200)
    expect(reply.receipt?.creditsRemaining).toBe(50_000 - 100 - 9000)
    expect((await shop.account(clientId)).available).toBe(50_000 - 100 - 9000)
  })

  it('serves a price of 0 without a receipt', async () => {
    const reply = await shop.get('/api/free')
    expect([reply.status, reply.receipt]).toEqual([200, null])
  })

  it('refuses a PaymentMethod that does not exist', async () => {
    const reply = await shop.pay('/api/weather', { paymentMethodId: 'pm_nowhere', topUpAmount: 50_000 })
    expect(reply.challenge?.error).toBe('invalid_payment')
  })

  it('sends a page to a browser that navigates, and the header with it', async () => {
    const reply = await shop.get('/api/weather', {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    })
    expect(reply.status).toBe(402)
    expect(reply.headers.get('content-type')).toContain('text/html')
    expect(reply.challenge?.accepts[0]?.amount).toBe(500)
  })
})

/** Pays for one request with a card: 49,500 units are left. */
async function spendOnce(): Promise<ClientId> {
  const { receipt } = await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000 })
  if (!receipt) throw new Error('the top-up was refused')
  return receipt.clientId
}
