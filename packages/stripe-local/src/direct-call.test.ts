import { describe, expect, it } from 'vitest'
import type { DirectCall } from './direct-call.js'
import { CARD_PAYMENT, failureOf, HOUR_MS, useStripeLocal } from './in-process.fixture.js'

const { stripe, stripeLocal, clock } = useStripeLocal()

const CREATE: DirectCall = {
  method: 'POST',
  path: '/v1/payment_intents',
  params: { amount: '500', currency: 'usd', allowed_payment_method_types: { 0: 'card' } },
}

function idOf(body: object): string {
  if ('id' in body && typeof body.id === 'string') return body.id
  throw new TypeError(JSON.stringify(body))
}

describe('stripeLocal.take', () => {
  it('answers with the object that HTTP answers with', async () => {
    const { status, body } = stripeLocal.take(CREATE)()
    expect(status).toBe(200)
    const read = await stripe.paymentIntents.retrieve(idOf(body))
    expect({ ...read, lastResponse: undefined }).toEqual({ ...body, lastResponse: undefined })
  })

  it('puts objects in the place of their ids', () => {
    const { body } = stripeLocal.take(CREATE)()
    const path = `/v1/payment_intents/${idOf(body)}`
    stripeLocal.take({
      method: 'POST',
      path: `${path}/confirm`,
      params: { payment_method: 'pm_card_visa' },
    })()
    const read = stripeLocal.take({ method: 'GET', path, params: { expand: { 0: 'latest_charge' } } })()
    expect(read.body).toMatchObject({ latest_charge: { object: 'charge', amount: 500 } })
  })

  it('refuses with the error that HTTP refuses with', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    const confirm: DirectCall = {
      method: 'POST',
      path: `/v1/payment_intents/${id}/confirm`,
      params: { payment_method: 'pm_card_visa_chargeDeclined' },
    }
    const { status, body } = stripeLocal.take(confirm)()
    const other = await stripe.paymentIntents.create(CARD_PAYMENT)
    const failure = await failureOf(
      stripe.paymentIntents.confirm(other.id, { payment_method: 'pm_card_visa_chargeDeclined' }),
    )
    expect(status).toBe(failure.statusCode)
    expect(body).toMatchObject({ error: { code: failure.code, type: 'card_error' } })
  })

  it('gives a publishable key no more rights than HTTP does', () => {
    expect(stripeLocal.take({ ...CREATE, viewer: 'publishable' })().status).toBe(403)
  })

  it('keeps an idempotency key in use from its arrival until the work is done', () => {
    const first = stripeLocal.take({ ...CREATE, idempotencyKey: 'k' })
    expect(stripeLocal.take({ ...CREATE, idempotencyKey: 'k' })()).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_key_in_use' } },
    })
    const answer = first()
    expect(stripeLocal.take({ ...CREATE, idempotencyKey: 'k' })()).toEqual(answer)
    expect(stripeLocal.state.paymentIntents()).toHaveLength(1)
  })

  it.each(['before', 'after'] as const)('keeps a 500 %s the effect under its key', (fails) => {
    expect(stripeLocal.take({ ...CREATE, idempotencyKey: 'k', fails })().status).toBe(500)
    expect(stripeLocal.take({ ...CREATE, idempotencyKey: 'k' })().status).toBe(500)
    expect(stripeLocal.state.paymentIntents()).toHaveLength(fails === 'after' ? 1 : 0)
  })

  it('refuses other parameters under a key, and forgets the key after a day', () => {
    stripeLocal.take({ ...CREATE, idempotencyKey: 'k' })()
    const other = { ...CREATE, params: { ...CREATE.params, amount: '600' }, idempotencyKey: 'k' }
    expect(stripeLocal.take(other)()).toMatchObject({ body: { error: { type: 'idempotency_error' } } })
    clock.nowMs += 24 * HOUR_MS
    expect(stripeLocal.take(other)().status).toBe(200)
  })
})
