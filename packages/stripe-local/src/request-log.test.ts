import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, typed, useStripeLocal } from './in-process.fixture.js'

const { direct: stripe, browser, stripeLocal } = useStripeLocal()

describe('the request log', () => {
  it('keeps each call with what it changed, card numbers masked', async () => {
    await browser.paymentMethods.create(typed('4242424242424242'))
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT, { idempotencyKey: 'k' })
    await failureOf(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa_chargeDeclined' }))
    expect(stripeLocal.log.entries).toMatchObject([
      {
        method: 'POST',
        path: '/v1/payment_methods',
        key: 'publishable',
        params: { card: { number: '************4242', cvc: '***' } },
      },
      {
        path: '/v1/payment_intents',
        key: 'secret',
        idempotencyKey: 'k',
        status: 200,
        effect: [`payment_intent.created ${id}`],
      },
      {
        status: 402,
        effect: [expect.stringMatching(/^charge\.failed ch_/), `payment_intent.payment_failed ${id}`],
      },
    ])
    expect(JSON.stringify(stripeLocal.log.entries)).not.toContain('4242424242424242')
  })

  it('finds and counts by method, path and status', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
    expect(stripeLocal.log.count({ path: '/v1/payment_intents/:id/confirm', status: 200 })).toBe(1)
    expect(stripeLocal.log.find({ method: 'GET' })).toEqual([])
  })

  it('asserts exactly one charge, and says what was asked for when there are others', async () => {
    const pay = { ...CARD_PAYMENT, payment_method: 'pm_card_visa', confirm: true }
    expect(() => stripeLocal.log.assertOneCharge()).toThrow('Expected 1 successful charge(s) for {}, found 0')
    const { id } = await stripe.paymentIntents.create(pay)
    const charge = stripeLocal.log.assertOneCharge({ last4: '4242', paymentIntent: id })
    const fingerprint = charge.payment_method_details?.card?.fingerprint ?? ''
    stripeLocal.log.assertNoCharge({ last4: '4444' })
    await stripe.paymentIntents.create(pay)
    stripeLocal.log.assertOneCharge({ paymentIntent: id })
    expect(() => stripeLocal.log.assertOneCharge({ fingerprint })).toThrow(
      /found 2[\s\S]*POST \/v1\/payment_intents → 200/,
    )
    expect(() => stripeLocal.log.assertNoCharge()).toThrow('found 2')
  })

  it('is empty after a reset, as everything is', async () => {
    await stripe.paymentIntents.create({ ...CARD_PAYMENT, payment_method: 'pm_card_visa', confirm: true })
    stripeLocal.reset()
    expect(stripeLocal.log.entries).toEqual([])
    expect(stripeLocal.state.charges()).toEqual([])
    expect((await stripe.paymentIntents.list()).data).toEqual([])
  })
})
