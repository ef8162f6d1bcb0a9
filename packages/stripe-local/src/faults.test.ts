import { describe, expect, it, vi } from 'vitest'
import { parseFault } from './faults.js'
import { CARD_PAYMENT, failureOf, useStripeLocal } from './in-process.fixture.js'

const { direct: stripe, stripe: intercepted, stripeLocal } = useStripeLocal()

const keyed = { idempotencyKey: 'purchase-1' }
const CREATE = { method: 'POST', path: '/v1/payment_intents' } as const

function intents(): number {
  return stripeLocal.state.paymentIntents().length
}

describe('faults', () => {
  it('refuse a connection before anything happens', async () => {
    stripeLocal.faults.add({ ...CREATE, kind: 'refuse' })
    const error = await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))
    expect(error).toMatchObject({ type: 'StripeConnectionError', detail: { code: 'ECONNREFUSED' } })
    expect(intents()).toBe(0)
    await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    expect(intents()).toBe(1)
  })

  it('cut the socket after the effect; the client’s own retry gets the kept result', async () => {
    stripeLocal.faults.add({ ...CREATE, kind: 'cut' })
    const made = await stripe.paymentIntents.create(CARD_PAYMENT)
    expect(made.lastResponse.headers).toMatchObject({ 'idempotent-replayed': 'true' })
    expect(intents()).toBe(1)
    expect(stripeLocal.log.entries).toMatchObject([
      { status: null, fault: { kind: 'cut' }, effect: [`payment_intent.created ${made.id}`] },
      { status: 200, replayed: true, effect: [] },
    ])
  })

  it('cut an intercepted request as they cut a real one', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    stripeLocal.faults.add({ ...CREATE, kind: 'cut', times: 2 })
    const error = await failureOf(intercepted.paymentIntents.create(CARD_PAYMENT, keyed))
    expect(error).toMatchObject({ type: 'StripeConnectionError', detail: { code: 'ECONNRESET' } })
    expect(intents()).toBe(1)
    printed.mockRestore()
  })

  it('cut every try, so that only reading tells what happened', async () => {
    stripeLocal.faults.add({ ...CREATE, kind: 'cut', times: 'always' })
    const error = await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))
    expect(error.type).toBe('StripeConnectionError')
    expect(intents()).toBe(1)
  })

  it('answer 500 before the effect, which Stripe then remembers', async () => {
    stripeLocal.faults.add({ ...CREATE, kind: 'status', status: 500 })
    expect(await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))).toMatchObject({
      type: 'StripeAPIError',
      statusCode: 500,
    })
    const again = await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))
    expect(again).toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } })
    expect(intents()).toBe(0)
  })

  it('answer 500 after the effect, which stays hidden behind its key', async () => {
    stripeLocal.faults.add({ ...CREATE, kind: 'status', status: 500, when: 'after' })
    await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))
    expect(intents()).toBe(1)
    const again = await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))
    expect(again).toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } })
    expect(intents()).toBe(1)
  })

  it('answer 503 of a proxy, which nobody remembers', async () => {
    stripeLocal.faults.add({ ...CREATE, kind: 'status', status: 503, when: 'after', kept: false })
    expect(await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))).toMatchObject({
      statusCode: 503,
    })
    const again = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    expect(again.lastResponse.headers).toMatchObject({ 'idempotent-replayed': 'true' })
    expect(intents()).toBe(1)
  })

  it.each([
    [429, 'StripeRateLimitError', 'rate_limit'],
    [409, 'StripeAPIError', 'idempotency_key_in_use'],
  ])('answer %i in front of everything, and the key stays free', async (status, type, code) => {
    stripeLocal.faults.add({ ...CREATE, kind: 'status', status })
    const error = await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))
    expect(error).toMatchObject({ type, statusCode: status, code })
    expect(intents()).toBe(0)
    const made = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    expect(made.lastResponse.headers).not.toHaveProperty('idempotent-replayed')
  })

  it('hang until cleared, before or after the effect', async () => {
    for (const [when, made] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      stripeLocal.faults.add({ ...CREATE, kind: 'hang', when })
      const error = await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, { idempotencyKey: when }))
      expect(error.message).toContain('timeout')
      expect(intents()).toBe(made)
      stripeLocal.faults.clear()
    }
  })

  it('disturb replays, too', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    stripeLocal.faults.add({ ...CREATE, kind: 'status', status: 500 })
    expect(await failureOf(stripe.paymentIntents.create(CARD_PAYMENT, keyed))).toMatchObject({
      statusCode: 500,
    })
    expect((await stripe.paymentIntents.create(CARD_PAYMENT, keyed)).id).toBe(id)
  })

  it('hit the nth matching call, so many times', async () => {
    stripeLocal.faults.add({ path: '/v1/customers/:id', kind: 'status', status: 429, nth: 2, times: 2 })
    const { id } = await stripe.customers.create()
    const outcomes = []
    for (let call = 0; call < 4; call += 1) {
      outcomes.push(
        await stripe.customers.retrieve(id).then(
          () => 200,
          () => 429,
        ),
      )
    }
    expect(outcomes).toEqual([200, 429, 429, 200])
  })

  it('come one after the other where two wait for the same call', async () => {
    stripeLocal.faults.add({ path: '/v1/customers', kind: 'status', status: 429 })
    stripeLocal.faults.add({ path: '/v1/customers', kind: 'status', status: 503 })
    expect(await failureOf(stripe.customers.create())).toMatchObject({ statusCode: 429 })
    expect(await failureOf(stripe.customers.create())).toMatchObject({ statusCode: 503 })
    await stripe.customers.create()
  })

  it('are taken away by what add returns', async () => {
    const remove = stripeLocal.faults.add({ kind: 'status', status: 500 })
    remove()
    await stripe.customers.create()
    expect(stripeLocal.log.entries).toMatchObject([{ status: 200, fault: null }])
  })

  it('come with a header, for one request', async () => {
    const call = stripe.rawRequest(
      'POST',
      '/v1/customers',
      {},
      {
        additionalHeaders: { 'x-stripe-local-fault': '500 after' },
      },
    )
    expect(await failureOf(call)).toMatchObject({ statusCode: 500 })
    expect(stripeLocal.state.customers()).toHaveLength(1)
  })
})

describe('parseFault', () => {
  it.each([
    ['refuse', { kind: 'refuse' }],
    ['cut', { kind: 'cut' }],
    ['hang', { kind: 'hang', when: 'before' }],
    ['hang after', { kind: 'hang', when: 'after' }],
    ['delay 200', { kind: 'delay', delayMs: 200 }],
    ['500', { kind: 'status', status: 500, when: 'before' }],
    ['429 after', { kind: 'status', status: 429, when: 'after' }],
  ])('reads %j', (header, fault) => {
    expect(parseFault(header)).toEqual(fault)
  })

  it.each(['', 'explode', 'delay', '200'])('refuses %j', (header) => {
    expect(() => parseFault(header)).toThrow('Unknown fault')
  })
})
