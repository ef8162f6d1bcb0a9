import { connect } from 'node:net'
import type { ClientId } from '@stripe402/core'
import { StoreUnavailableError } from '@stripe402/server'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPurchaseId } from './ids.fixture.js'
import { openShop, type Reply, type Shop } from './shop.fixture.js'

const WEBHOOK = '/.well-known/stripe402/webhook'
const CARD_3DS = 'pm_card_threeDSecure2Required'

let shop: Shop

beforeEach(async () => {
  shop = await openShop((app, paywall) => {
    app.get('/api/weather', paywall.paymentRequired({ price: 500 }), (_request, response) => {
      response.json({})
    })
    app.use('/parsed', express.json(), paywall.router())
  })
})
afterEach(() => shop.stop())

async function subscribe(path = WEBHOOK): Promise<void> {
  await shop.stripe.stripeLocal.webhooks.add({ url: shop.url + path, secret: 'whsec_shop' })
}

/** A purchase whose tab is closed while the bank asks; the bank's answer is the webhook's to hear. */
async function askBank(): Promise<{ paymentIntentId: string; clientId: ClientId | undefined }> {
  const asked = await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
  const next = asked.challenge?.nextAction
  if (!next) throw new Error('the bank did not ask')
  const purchase = await shop.store.purchase(next.purchaseId)
  return { paymentIntentId: next.paymentIntentId, clientId: purchase?.clientId }
}

/** What the endpoint answered, in order. */
async function answers(): Promise<(number | null)[]> {
  await shop.stripe.stripeLocal.webhooks.settled()
  return shop.stripe.stripeLocal.webhooks.deliveries.flatMap((delivery) => delivery.attempts)
}

describe('the webhook endpoint', () => {
  describe('asked about an event that is well made', () => {
    const body = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'payment_intent.succeeded',
      data: { object: { id: 'pi_1', object: 'payment_intent', metadata: {} } },
    })
    const post = (headers: Record<string, string>): Promise<Reply> =>
      shop.get(WEBHOOK, { method: 'POST', headers, body })

    it('listens where Stripe has signed it', async () => {
      const signature = shop.stripe402.settings.stripe.webhooks.generateTestHeaderString({
        payload: body,
        secret: shop.stripe402.settings.webhookSecret ?? '',
      })
      expect((await post({ 'stripe-signature': signature })).status).toBe(200)
    })

    it.each([
      ['no signature', {}],
      ['a forged one', { 'stripe-signature': 't=1,v1=00' }],
    ])('answers 400 where it has %s', async (_case, headers) => {
      const reply = await post(headers)
      expect(reply.status).toBe(400)
      expect(reply.text).toBe('The signature does not match.')
    })
  })

  it('credits once, however often an event comes', async () => {
    await subscribe()
    const { paymentIntentId, clientId } = await askBank()
    shop.stripe.stripeLocal.authenticate(paymentIntentId, 'approve')
    await shop.stripe.stripeLocal.webhooks.settled()
    for (const event of shop.stripe.stripeLocal.state.events())
      await shop.stripe.stripeLocal.webhooks.redeliver(event.id)
    expect(new Set(await answers())).toEqual(new Set([200]))
    expect(await shop.account(clientId)).toMatchObject({ credited: 50_000, available: 50_000 })
  })

  it('closes the purchase of a PaymentIntent that was cancelled elsewhere', async () => {
    await subscribe()
    const { paymentIntentId } = await askBank()
    await shop.stripe402.settings.stripe.paymentIntents.cancel(paymentIntentId)
    expect(new Set(await answers())).toEqual(new Set([200]))
    expect(await shop.store.due({ idleMs: 0, limit: 10 })).toEqual([])
  })

  it('leaves alone what another server made on the same Stripe account', async () => {
    await subscribe()
    const { stripe } = shop.stripe402.settings
    const clientId = 'e'.repeat(64)
    await stripe.paymentIntents.create({
      amount: 9900,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      allowed_payment_method_types: ['card'],
      metadata: { stripe402Version: '1', issuer: 'somebody else', clientId, purchaseId: newPurchaseId() },
    })
    const statuses = await answers()
    expect(statuses.length).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await shop.store.audit()).accounts).toBe(0)
  })

  it('asks Stripe to send it again while the store or Stripe cannot be asked', async () => {
    await subscribe()
    const { paymentIntentId } = await askBank()
    await answers()
    const before = (await answers()).length
    shop.store.credit = () => Promise.reject(new StoreUnavailableError('The store cannot be reached.'))
    shop.stripe.stripeLocal.authenticate(paymentIntentId, 'approve')
    expect((await answers()).slice(before)).toContain(503)
  })

  it('says 500 when a parser took the bytes that were signed', async () => {
    const reply = await shop.get(`/parsed${WEBHOOK}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(reply.status).toBe(500)
    expect(reply.text).toContain('before express.json()')
  })

  it('answers 413 to more than 1 MiB', async () => {
    const reply = await shop.get(WEBHOOK, { method: 'POST', body: 'x'.repeat(3 * 1024 * 1024) })
    expect(reply.status).toBe(413)
  })

  it('answers 413 while the body still comes, and closes the connection', async () => {
    const socket = connect(Number(new URL(shop.url).port), '127.0.0.1')
    const answer: Buffer[] = []
    socket.on('data', (data) => answer.push(data))
    // What is still written then, nobody takes.
    socket.on('error', () => {})
    socket.write(`POST ${WEBHOOK} HTTP/1.1\r\nhost: shop\r\ncontent-length: 1000000000\r\n\r\n`)
    const chunk = Buffer.alloc(65_536, 'x')
    const upload = (): void => {
      while (socket.write(chunk));
    }
    socket.on('drain', upload)
    upload()
    await new Promise((resolve) => socket.on('close', resolve))
    const [status, ...headers] = String(Buffer.concat(answer)).toLowerCase().split('\r\n')
    expect(status).toMatch(/^http\/1.1 413 /)
    expect(headers).toContain('connection: close')
  })

  it('serves on after an upload that is cut off', async () => {
    const cut = new AbortController()
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(1024))
        cut.abort()
      },
    })
    const init: RequestInit = { method: 'POST', body, signal: cut.signal }
    await expect(shop.get(WEBHOOK, Object.assign(init, { duplex: 'half' }))).rejects.toThrow()
    expect((await shop.get('/api/weather')).status).toBe(402)
  })

  it('answers 503 without a secret, for an empty one would be known to everybody', async () => {
    const other = await openShop(() => {}, { webhookSecret: '' })
    const body = '{"type":"payment_intent.succeeded","data":{"object":{"metadata":{}}}}'
    const signature = other.stripe402.settings.stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: '',
    })
    const reply = await other.get(WEBHOOK, {
      method: 'POST',
      headers: { 'stripe-signature': signature },
      body,
    })
    await other.stop()
    expect(reply.status).toBe(503)
  })
})
