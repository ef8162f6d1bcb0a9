import { createServer, type Server } from 'node:http'
import type Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CARD_PAYMENT, useStripeLocal } from './in-process.fixture.js'

const SECRET = 'whsec_test'
const { direct: stripe, stripeLocal, clock } = useStripeLocal()

/** A seller's endpoint: keeps what came, answers what it is told. */
const seller: { url: string; statuses: number[]; received: Stripe.Event[]; problems: string[] } = {
  url: '',
  statuses: [],
  received: [],
  problems: [],
}
let server: Server

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    try {
      const header = request.headers['stripe-signature'] ?? ''
      const receivedAt = clock.nowMs
      seller.received.push(
        stripe.webhooks.constructEvent(Buffer.concat(chunks), header, SECRET, 300, undefined, receivedAt),
      )
    } catch (error) {
      seller.problems.push(String(error))
    }
    response.writeHead(seller.statuses.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port.')
  seller.url = `http://127.0.0.1:${address.port}/webhook`
  stripeLocal.webhooks.add({ url: seller.url, secret: SECRET })
})
afterEach(() => {
  expect(seller.problems).toEqual([])
  seller.received = []
  seller.statuses = []
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

async function pay(name = 'visa'): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({ ...CARD_PAYMENT, payment_method: `pm_card_${name}`, confirm: true })
}

function types(): string[] {
  return seller.received.map(({ type }) => type)
}

describe('webhooks', () => {
  it('are signed, carry a snapshot, and name the request that caused them', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT, { idempotencyKey: 'purchase-1' })
    await stripe.paymentIntents.cancel(id)
    await stripeLocal.webhooks.settled()
    const created = seller.received.find(({ type }) => type === 'payment_intent.created')
    expect(created).toMatchObject({
      object: 'event',
      api_version: '2026-10-28.endive',
      pending_webhooks: 1,
      request: { idempotency_key: 'purchase-1' },
      data: { object: { id, status: 'requires_payment_method' } },
    })
    expect(await stripe.events.retrieve(created?.id ?? '')).toEqual(created)
  })

  it.each([
    ['visa', ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']],
    ['authenticationRequired', ['payment_intent.created', 'payment_intent.requires_action']],
    [
      'createDispute',
      [
        'payment_intent.created',
        'charge.succeeded',
        'payment_intent.succeeded',
        'charge.dispute.created',
        'charge.dispute.funds_withdrawn',
      ],
    ],
  ])('tell what happens to pm_card_%s', async (name, expected) => {
    await pay(name)
    await stripeLocal.webhooks.settled()
    expect(types().sort()).toEqual([...expected].sort())
  })

  it('tell of failure, processing and cancellation', async () => {
    await expect(pay('visa_chargeDeclined')).rejects.toThrow('declined')
    stripeLocal.holdCharges()
    await pay()
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    await stripe.paymentIntents.cancel(id)
    await stripeLocal.webhooks.settled()
    expect(types()).toEqual(
      expect.arrayContaining([
        'charge.failed',
        'payment_intent.payment_failed',
        'charge.pending',
        'payment_intent.processing',
        'payment_intent.canceled',
      ]),
    )
  })

  it('are tried again, later each time, until they are answered 2xx', async () => {
    seller.statuses = [500, 302]
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    await stripeLocal.webhooks.settled()
    const [delivery] = stripeLocal.webhooks.deliveries
    expect(delivery).toMatchObject({ state: 'waiting', attempts: [500], dueAtMs: clock.nowMs + 5000 })
    await stripeLocal.webhooks.flush()
    expect(delivery?.attempts).toEqual([500])
    clock.nowMs += 5000
    await stripeLocal.webhooks.flush()
    expect(delivery).toMatchObject({ state: 'waiting', attempts: [500, 302], dueAtMs: clock.nowMs + 60_000 })
    clock.nowMs += 60_000
    await stripeLocal.webhooks.flush()
    expect(delivery).toMatchObject({ state: 'delivered', attempts: [500, 302, 200] })
    expect(new Set(seller.received.map((event) => event.id)).size).toBe(1)
    expect(seller.received.at(-1)).toMatchObject({ data: { object: { id } } })
  })

  it('are given up after about three days', async () => {
    seller.statuses = Array.from({ length: 20 }, () => 503)
    const startMs = clock.nowMs
    await stripe.customers.create()
    await stripeLocal.webhooks.settled()
    const [delivery] = stripeLocal.webhooks.deliveries
    while (delivery?.state === 'waiting') {
      clock.nowMs = delivery.dueAtMs
      await stripeLocal.webhooks.flush()
    }
    expect(delivery?.state).toBe('failed')
    const days = (clock.nowMs - startMs) / 86_400_000
    expect(days).toBeGreaterThan(2.5)
    expect(days).toBeLessThan(3.5)
  })

  it('are held until flushed, in any order', async () => {
    stripeLocal.webhooks.mode = 'hold'
    await pay()
    await stripeLocal.webhooks.settled()
    expect(types()).toEqual([])
    await stripeLocal.webhooks.flush((held) => [...held].reverse())
    expect(types()).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created'])
  })

  it('are dropped', async () => {
    stripeLocal.webhooks.mode = 'drop'
    await pay()
    await stripeLocal.webhooks.flush()
    expect(types()).toEqual([])
    expect(stripeLocal.webhooks.deliveries.map(({ state }) => state)).toEqual([
      'dropped',
      'dropped',
      'dropped',
    ])
  })

  it('are duplicated', async () => {
    stripeLocal.webhooks.mode = 'duplicate'
    await stripe.customers.create()
    await stripeLocal.webhooks.settled()
    expect(seller.received).toHaveLength(2)
    expect(seller.received[0]).toEqual(seller.received[1])
  })

  it('are shuffled, none lost', async () => {
    stripeLocal.webhooks.mode = 'shuffle'
    await pay('createDispute')
    expect(types()).toEqual([])
    await stripeLocal.webhooks.flush()
    expect(types()).toHaveLength(5)
  })

  it('are delayed by the clock', async () => {
    stripeLocal.webhooks.mode = 'delay'
    stripeLocal.webhooks.delayMs = 30_000
    await stripe.customers.create()
    await stripeLocal.webhooks.flush()
    expect(types()).toEqual([])
    clock.nowMs += 30_000
    await stripeLocal.webhooks.flush()
    expect(types()).toEqual(['customer.created'])
  })

  it('are sent again on demand', async () => {
    await stripe.customers.create()
    await stripeLocal.webhooks.settled()
    await stripeLocal.webhooks.redeliver(seller.received[0]?.id ?? '')
    expect(types()).toEqual(['customer.created', 'customer.created'])
  })

  it('go only to endpoints that asked for them', async () => {
    const endpoint = await stripe.webhookEndpoints.create({
      url: `${seller.url}?second`,
      enabled_events: ['payment_intent.succeeded'],
    })
    expect(endpoint.secret).toMatch(/^whsec_/)
    expect(await stripe.webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty('secret')
    stripeLocal.webhooks.mode = 'hold'
    await pay()
    const second = stripeLocal.webhooks.deliveries.filter(({ url }) => url.endsWith('?second'))
    expect(second.map(({ event }) => event.type)).toEqual(['payment_intent.succeeded'])
    expect(await stripe.webhookEndpoints.del(endpoint.id)).toMatchObject({ deleted: true })
  })
})
