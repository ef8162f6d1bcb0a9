import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, useStripeLocal } from '../in-process.fixture.js'

const { stripe, stripeLocal } = useStripeLocal()

function pay(name = 'visa'): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({ ...CARD_PAYMENT, payment_method: `pm_card_${name}`, confirm: true })
}

function eventTypes(): string[] {
  return stripeLocal.state.events().map(({ type }) => type)
}

describe('refunds', () => {
  it('give back a part, then the rest, and no more', async () => {
    const { id } = await pay()
    const part = await stripe.refunds.create({ payment_intent: id, amount: 200, metadata: { why: 'unused' } })
    expect(part).toMatchObject({
      status: 'succeeded',
      amount: 200,
      payment_intent: id,
      metadata: { why: 'unused' },
    })
    const charge = await stripe.charges.retrieve(part.charge?.toString() ?? '')
    expect(charge).toMatchObject({ amount_refunded: 200, refunded: false })
    const tooMuch = await failureOf(stripe.refunds.create({ payment_intent: id, amount: 301 }))
    expect(tooMuch).toMatchObject({ statusCode: 400, param: 'amount' })
    const rest = await stripe.refunds.create({ charge: charge.id, expand: ['charge'] })
    expect(rest).toMatchObject({ amount: 300, charge: { amount_refunded: 500, refunded: true } })
    expect(await failureOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'charge_already_refunded',
    })
    expect((await stripe.refunds.list({ payment_intent: id })).data).toHaveLength(2)
    expect(
      eventTypes().filter((type) => type === 'refund.created' || type === 'charge.refunded'),
    ).toHaveLength(4)
  })

  it('need something that was paid', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    expect(await failureOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
    expect(await failureOf(stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing' })
    expect(await failureOf(stripe.refunds.create({ charge: 'ch_none' }))).toMatchObject({
      code: 'resource_missing',
    })
  })

  it('stay pending on some cards until time passes', async () => {
    const { id } = await pay('pendingRefund')
    const refund = await stripe.refunds.create({ payment_intent: id })
    expect(refund.status).toBe('pending')
    stripeLocal.settleRefund(refund.id)
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
    expect(eventTypes()).toContain('refund.updated')
  })

  it('fail later on some cards, and the money is the seller’s again', async () => {
    const { id } = await pay('refundFail')
    const refund = await stripe.refunds.create({ payment_intent: id })
    expect(refund.status).toBe('succeeded')
    stripeLocal.settleRefund(refund.id)
    expect(await stripe.refunds.retrieve(refund.id, { expand: ['charge'] })).toMatchObject({
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
      charge: { amount_refunded: 0 },
    })
    expect(eventTypes()).toContain('refund.failed')
  })

  it('can be made in the dashboard', async () => {
    const { id } = await pay()
    expect(stripeLocal.refund(id, { amountMinor: 100 })).toMatchObject({ amount: 100, payment_intent: id })
    expect(() => stripeLocal.refund(id, { amountMinor: 401 })).toThrow('has 400 left to refund')
  })
})
