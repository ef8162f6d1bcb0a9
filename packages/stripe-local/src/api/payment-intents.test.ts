import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, useStripeLocal } from '../in-process.fixture.js'

const { stripe, stripeLocal } = useStripeLocal()

describe('payment_intents.create', () => {
  it('makes an intent that waits for a payment method, then for confirmation', async () => {
    const bare = await stripe.paymentIntents.create({ ...CARD_PAYMENT, metadata: { a: 'b' } })
    expect(bare).toMatchObject({
      object: 'payment_intent',
      status: 'requires_payment_method',
      amount: 500,
      amount_received: 0,
      currency: 'usd',
      metadata: { a: 'b' },
      latest_charge: null,
      next_action: null,
    })
    expect(bare.client_secret).toMatch(new RegExp(`^${bare.id}_secret_`))
    const held = await stripe.paymentIntents.create({ ...CARD_PAYMENT, payment_method: 'pm_card_visa' })
    expect(held.status).toBe('requires_confirmation')
    expect(held.payment_method).toMatch(/^pm_/)
  })

  it.each([
    [{ amount: 500 }, 'parameter_missing', 'currency'],
    [{ currency: 'usd' }, 'parameter_missing', 'amount'],
    [{ ...CARD_PAYMENT, amount: 0 }, 'parameter_invalid_integer', 'amount'],
    [{ ...CARD_PAYMENT, amount: 4.5 }, 'parameter_invalid_integer', 'amount'],
    [{ ...CARD_PAYMENT, amount: 1e21 }, 'parameter_invalid_integer', 'amount'],
    [{ ...CARD_PAYMENT, amount: 49 }, 'amount_too_small', 'amount'],
    [{ ...CARD_PAYMENT, currency: '' }, 'parameter_invalid_empty', 'currency'],
    [{ ...CARD_PAYMENT, source: 'tok_visa' }, 'parameter_unknown', 'source'],
    [{ ...CARD_PAYMENT, metadata: { long: 'x'.repeat(501) } }, undefined, 'metadata[long]'],
    [{ ...CARD_PAYMENT, customer: 'cus_none' }, 'resource_missing', 'customer'],
    [
      { ...CARD_PAYMENT, payment_method_types: ['card'] },
      'payment_method_types_no_longer_supported',
      'payment_method_types',
    ],
    [{ ...CARD_PAYMENT, off_session: true }, undefined, 'off_session'],
    [{ ...CARD_PAYMENT, return_url: 'nowhere', confirm: true }, 'url_invalid', 'return_url'],
    [{ ...CARD_PAYMENT, confirm: true }, 'payment_intent_unexpected_state', 'payment_method'],
    [
      { ...CARD_PAYMENT, automatic_payment_methods: { allow_redirects: 'never' } },
      'parameter_missing',
      'automatic_payment_methods[enabled]',
    ],
  ])('refuses %o: %s, %s', async (params, code, param) => {
    const call = stripe.rawRequest('POST', '/v1/payment_intents', params)
    const error = await failureOf(call)
    expect(error).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, param })
    expect(error.code).toBe(code)
    expect(stripeLocal.state.paymentIntents()).toEqual([])
  })

  it('confirms in the same call', async () => {
    const paid = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 500, last_payment_error: null })
    stripeLocal.log.assertOneCharge({ paymentIntent: paid.id, last4: '4242' })
  })
})

describe('payment_intents.cancel', () => {
  it('cancels what has not been paid, once', async () => {
    const { id } = await stripe.paymentIntents.create({ ...CARD_PAYMENT, payment_method: 'pm_card_visa' })
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' })
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
    expect(canceled.canceled_at).not.toBeNull()
    expect(await failureOf(stripe.paymentIntents.cancel(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
  })

  it('cancels what waits for authentication, so that the bank can no longer approve it', async () => {
    const waiting = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
    })
    await stripe.paymentIntents.cancel(waiting.id)
    expect(() => stripeLocal.authenticate(waiting.id, 'approve')).toThrow('nothing to authenticate')
    stripeLocal.log.assertNoCharge()
  })

  it('does not cancel what is paid or processing', async () => {
    stripeLocal.holdCharges()
    const pending = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    expect(pending).toMatchObject({ status: 'processing', processing: { type: 'card' } })
    expect(await failureOf(stripe.paymentIntents.cancel(pending.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { status: 'processing' },
    })
    stripeLocal.finishCharge(pending.id, 'approve')
    expect(await failureOf(stripe.paymentIntents.cancel(pending.id))).toMatchObject({
      payment_intent: { status: 'succeeded' },
    })
  })
})

describe('payment_intents in processing', () => {
  it('can end in a decline', async () => {
    stripeLocal.holdCharges()
    const { id } = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    stripeLocal.finishCharge(id, 'decline')
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined' },
    })
  })
})

describe('payment_intents.capture', () => {
  it('takes part of what was authorized', async () => {
    const held = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      capture_method: 'manual',
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 500, amount_received: 0 })
    const tooMuch = await failureOf(stripe.paymentIntents.capture(held.id, { amount_to_capture: 501 }))
    expect(tooMuch).toMatchObject({ code: 'amount_too_large' })
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 300 })
    expect(taken).toMatchObject({ status: 'succeeded', amount_received: 300, amount_capturable: 0 })
    expect(await failureOf(stripe.paymentIntents.capture(held.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
  })
})

describe('payment_intents.update', () => {
  it('merges metadata, deletes by an empty value', async () => {
    const { id } = await stripe.paymentIntents.create({ ...CARD_PAYMENT, metadata: { a: '1', b: '2' } })
    const updated = await stripe.paymentIntents.update(id, {
      metadata: { b: '', c: '3' },
      description: 'Credits',
    })
    expect(updated).toMatchObject({ metadata: { a: '1', c: '3' }, description: 'Credits' })
    expect(updated.metadata).not.toHaveProperty('b')
  })

  it('changes the amount before payment only', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    expect((await stripe.paymentIntents.update(id, { amount: 700 })).amount).toBe(700)
    expect(await failureOf(stripe.paymentIntents.update(id, { amount: 10 }))).toMatchObject({
      code: 'amount_too_small',
    })
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
    expect(await failureOf(stripe.paymentIntents.update(id, { amount: 800 }))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
    expect((await stripe.paymentIntents.update(id, { metadata: { late: 'yes' } })).metadata).toEqual({
      late: 'yes',
    })
  })
})
