import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, HOUR_MS, useStripeLocal } from './in-process.fixture.js'

const { stripe, stripeLocal, clock } = useStripeLocal()

const keyed = { idempotencyKey: 'purchase-1' }

describe('idempotency keys', () => {
  it('give the first result again, byte for byte', async () => {
    const first = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    await stripe.paymentIntents.cancel(first.id)
    const second = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    expect(second).toEqual(first)
    expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed')
    expect(second.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
    })
    expect(stripeLocal.state.paymentIntents()).toHaveLength(1)
    expect(stripeLocal.log.count({ replayed: true })).toBe(1)
  })

  it('do not care about the order of parameters', async () => {
    const first = await stripe.customers.create(
      { name: 'a', email: 'b', metadata: { x: '1', y: '2' } },
      keyed,
    )
    const second = await stripe.customers.create(
      { metadata: { y: '2', x: '1' }, email: 'b', name: 'a' },
      keyed,
    )
    expect(second.id).toBe(first.id)
  })

  it('refuse other parameters and other endpoints', async () => {
    await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    const other = await failureOf(stripe.paymentIntents.create({ ...CARD_PAYMENT, amount: 600 }, keyed))
    expect(other).toMatchObject({
      type: 'StripeIdempotencyError',
      statusCode: 400,
      rawType: 'idempotency_error',
    })
    expect(await failureOf(stripe.customers.create({}, keyed))).toMatchObject({
      type: 'StripeIdempotencyError',
    })
  })

  it('replay a decline, even after the card would pay', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    const params = { payment_method: 'pm_card_visa_chargeDeclined' }
    const first = await failureOf(stripe.paymentIntents.confirm(id, params, keyed))
    const second = await failureOf(stripe.paymentIntents.confirm(id, params, keyed))
    expect(second).toMatchObject({ code: 'card_declined', statusCode: 402, charge: first.charge })
    expect(stripeLocal.state.charges()).toHaveLength(1)
  })

  it('keep a refusal that came from the state of things', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    await failureOf(stripe.paymentIntents.confirm(id, {}, keyed))
    await stripe.paymentIntents.update(id, { payment_method: 'pm_card_visa' })
    const second = await failureOf(stripe.paymentIntents.confirm(id, {}, keyed))
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true' })
  })

  it('forget parameters that failed validation', async () => {
    await failureOf(stripe.paymentIntents.create({ ...CARD_PAYMENT, amount: 10 }, keyed))
    const made = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    expect(made.lastResponse.headers).not.toHaveProperty('idempotent-replayed')
  })

  it('are in use while the first request runs', async () => {
    stripeLocal.faults.add({ kind: 'delay', delayMs: 50, path: '/v1/payment_intents' })
    const calls = [1, 2].map(() => stripe.paymentIntents.create(CARD_PAYMENT, keyed))
    const outcomes = await Promise.allSettled(calls)
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(failed).toMatchObject([{ reason: { statusCode: 409, code: 'idempotency_key_in_use' } }])
    expect(stripeLocal.state.paymentIntents()).toHaveLength(1)
  })

  it('collide without a delay, too, when both are sent at once', async () => {
    const outcomes = await Promise.allSettled(
      [1, 2].map(() => stripe.paymentIntents.create(CARD_PAYMENT, keyed)),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('end after 24 hours, and then the same request acts a second time', async () => {
    const first = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    clock.nowMs += 24 * HOUR_MS - 1
    expect((await stripe.paymentIntents.create(CARD_PAYMENT, keyed)).id).toBe(first.id)
    clock.nowMs += 1
    expect((await stripe.paymentIntents.create(CARD_PAYMENT, keyed)).id).not.toBe(first.id)
  })

  it('mean nothing on a GET', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT, keyed)
    const read = await stripe.paymentIntents.retrieve(id, {}, keyed)
    expect(read.lastResponse.headers).not.toHaveProperty('idempotent-replayed')
  })

  it('have at most 255 characters', async () => {
    const error = await failureOf(stripe.customers.create({}, { idempotencyKey: 'k'.repeat(256) }))
    expect(error).toMatchObject({ statusCode: 400 })
  })
})
