import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, typed, useStripeLocal } from '../in-process.fixture.js'

const { stripe, browser, stripeLocal } = useStripeLocal()

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

describe('payment_intents.confirm', () => {
  it.each([
    ['visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
    ['visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded'],
    ['radarBlock', 'card_declined', 'fraudulent'],
    ['cvcCheckFail', 'incorrect_cvc', 'incorrect_cvc'],
  ])('answers pm_card_%s with 402 %s %s', async (name, code, declineCode) => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    const error = await failureOf(stripe.paymentIntents.confirm(id, { payment_method: `pm_card_${name}` }))
    expect(error).toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code,
      decline_code: declineCode,
      payment_intent: { id, status: 'requires_payment_method', payment_method: null },
    })
    const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code, decline_code: declineCode, payment_method: { card: { brand: 'visa' } } },
      latest_charge: { status: 'failed', paid: false, failure_code: code, amount: 500 },
    })
    stripeLocal.log.assertNoCharge()
  })

  it('takes another card after a decline, on the same intent', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    await failureOf(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa_chargeDeclined' }))
    const bare = await failureOf(stripe.paymentIntents.confirm(id))
    expect(bare).toMatchObject({ code: 'payment_intent_unexpected_state' })
    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_mastercard' })
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null })
  })

  it('lets an unattached PaymentMethod be tried once, even when it was declined', async () => {
    const method = await browser.paymentMethods.create(typed('4000000000000002'))
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    await failureOf(stripe.paymentIntents.confirm(id, { payment_method: method.id }))
    const again = await failureOf(stripe.paymentIntents.confirm(id, { payment_method: method.id }))
    expect(again).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' })
    expect(again.message).toContain('It may not be used again')
    const customer = await stripe.customers.create()
    const attach = await failureOf(stripe.paymentMethods.attach(method.id, { customer: customer.id }))
    expect(attach.message).toContain('may not be used again')
  })

  it('lets an attached PaymentMethod be used again, by its customer only', async () => {
    const customer = await stripe.customers.create()
    const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    const pay = { ...CARD_PAYMENT, payment_method: method, confirm: true }
    await stripe.paymentIntents.create({ ...pay, customer: customer.id })
    await stripe.paymentIntents.create({ ...pay, customer: customer.id, off_session: true })
    const without = await failureOf(stripe.paymentIntents.create(pay))
    expect(without.message).toContain('include the Customer')
    const other = await stripe.customers.create()
    const foreign = await failureOf(stripe.paymentIntents.create({ ...pay, customer: other.id }))
    expect(foreign.message).toContain('The customer does not have a payment method')
    stripeLocal.log.assertCharges(2, { customer: customer.id })
  })

  it('keeps the card where setup_future_usage says so', async () => {
    const customer = await stripe.customers.create()
    const paid = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      customer: customer.id,
      payment_method: 'pm_card_visa',
      setup_future_usage: 'off_session',
      confirm: true,
      expand: ['payment_method'],
    })
    expect(paid.payment_method).toMatchObject({ customer: customer.id })
  })

  it('keeps a card once it has paid, not before, and lets it pay again until it is detached', async () => {
    const { id: customer } = await stripe.customers.create()
    const keep = { ...CARD_PAYMENT, customer, setup_future_usage: 'on_session' as const }
    const kept = async (): Promise<string[]> =>
      (await stripe.customers.listPaymentMethods(customer)).data.map(({ id }) => id)
    const declined = await stripe.paymentIntents.create(keep)
    await failureOf(
      stripe.paymentIntents.confirm(declined.id, { payment_method: 'pm_card_visa_chargeDeclined' }),
    )
    const asked = await stripe.paymentIntents.create(keep)
    const { id: card } = await browser.paymentMethods.create(typed('4000000000003220'))
    await stripe.paymentIntents.confirm(asked.id, { payment_method: card, use_stripe_sdk: true })
    expect(await kept()).toEqual([])
    stripeLocal.authenticate(asked.id, 'approve')
    expect(await kept()).toEqual([card])
    const pay = { ...CARD_PAYMENT, customer, payment_method: card }
    const again = await stripe.paymentIntents.create(pay)
    await stripe.paymentMethods.detach(card)
    const late = await failureOf(stripe.paymentIntents.confirm(again.id))
    expect(late.message).toContain('may not be used again')
    const gone = await failureOf(stripe.paymentIntents.create(pay))
    expect(gone.message).toContain('may not be used again')
  })

  it('wants a return_url where a payment method might redirect', async () => {
    const automatic = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    expect(automatic.automatic_payment_methods).toEqual({ enabled: true, allow_redirects: 'always' })
    const error = await failureOf(
      stripe.paymentIntents.confirm(automatic.id, { payment_method: 'pm_card_visa' }),
    )
    expect(error).toMatchObject({ statusCode: 400, param: 'return_url' })
    const never = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    expect(never.status).toBe('succeeded')
    const returning = await stripe.paymentIntents.confirm(automatic.id, {
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.example/back',
    })
    expect(returning.status).toBe('succeeded')
  })

  it('refuses an intent that has succeeded or was canceled, and shows it', async () => {
    const paid = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    const twice = await failureOf(stripe.paymentIntents.confirm(paid.id, { payment_method: 'pm_card_visa' }))
    expect(twice).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id: paid.id, status: 'succeeded' },
    })
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    await stripe.paymentIntents.cancel(id)
    const poisoned = await failureOf(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }))
    expect(poisoned).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { status: 'canceled' },
    })
    stripeLocal.log.assertOneCharge()
  })

  it('refuses an amount that is not the one meant', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    const call = stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa', amount_to_confirm: 501 })
    expect(await failureOf(call)).toMatchObject({ param: 'amount_to_confirm' })
  })

  it('refuses cards where the intent allows other types only', async () => {
    const { id } = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      allowed_payment_method_types: ['klarna'],
    })
    const call = stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
    expect(await failureOf(call)).toMatchObject({ code: 'payment_intent_incompatible_payment_method' })
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

describe('payment_intents.confirm, by a browser', () => {
  const begin = async (changes = {}): Promise<{ path: string; secret: string | null; id: string }> => {
    const { id, client_secret: secret } = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      metadata: { a: 'b' },
      ...changes,
    })
    return { id, secret, path: `/v1/payment_intents/${id}/confirm` }
  }

  it('takes another card than the one that failed, with the client secret alone', async () => {
    const { path, secret, id } = await begin()
    await stripe.paymentIntents.confirm(id, {
      payment_method: 'pm_card_threeDSecure2Required',
      use_stripe_sdk: true,
    })
    stripeLocal.authenticate(id, 'fail')
    const other = await browser.paymentMethods.create(typed('5555555555554444'))
    const wish = { client_secret: secret, payment_method: other.id }
    expect(await browser.rawRequest('POST', path, wish)).toMatchObject({ status: 'succeeded' })
    const charged = await stripe.paymentIntents.retrieve(id, { expand: ['payment_method'] })
    expect(charged).toMatchObject({ status: 'succeeded', payment_method: { id: other.id } })
  })

  it('shows a decline as a browser may see it', async () => {
    const { path, secret } = await begin()
    const wish = { client_secret: secret, payment_method: 'pm_card_visa_chargeDeclined' }
    const error = await failureOf(browser.rawRequest('POST', path, wish))
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined' })
    expect(error.payment_intent).not.toHaveProperty('metadata')
    expect(error.payment_method?.card).not.toHaveProperty('fingerprint')
    expect(JSON.stringify(error.raw)).not.toContain('fingerprint')
  })

  it('wants the secret of this intent, and says nothing that is the seller’s to say', async () => {
    const [one, other, manual] = [
      await begin(),
      await begin(),
      await begin({ confirmation_method: 'manual' }),
    ]
    const payment_method = 'pm_card_visa'
    for (const wish of [
      { payment_method },
      { payment_method, client_secret: other.secret },
      { payment_method, client_secret: one.secret, off_session: true },
    ])
      expect(await failureOf(browser.rawRequest('POST', one.path, wish))).toMatchObject({ statusCode: 400 })
    const wish = { payment_method, client_secret: manual.secret }
    expect(await failureOf(browser.rawRequest('POST', manual.path, wish))).toMatchObject({
      code: 'payment_intent_invalid_parameter',
    })
    expect((await stripe.paymentIntents.retrieve(one.id)).status).toBe('requires_payment_method')
  })
})

describe('payment_intents.retrieve', () => {
  it('shows a browser with the client secret what Stripe shows it', async () => {
    const { id, client_secret: secret } = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      metadata: { a: 'b' },
    })
    await failureOf(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa_chargeDeclined' }))
    const seen = await browser.paymentIntents.retrieve(id, { client_secret: secret ?? '' })
    expect(seen).toMatchObject({ id, amount: 500, status: 'requires_payment_method' })
    for (const hidden of ['metadata', 'customer', 'latest_charge', 'amount_received']) {
      expect(seen).not.toHaveProperty(hidden)
    }
    expect(seen.last_payment_error?.payment_method?.card).not.toHaveProperty('fingerprint')
  })

  it('hides the intent from a browser without its secret', async () => {
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    const other = await stripe.paymentIntents.create(CARD_PAYMENT)
    expect(await failureOf(browser.paymentIntents.retrieve(id))).toMatchObject({ param: 'client_secret' })
    const wrong = browser.paymentIntents.retrieve(id, { client_secret: other.client_secret ?? '' })
    expect(await failureOf(wrong)).toMatchObject({ statusCode: 400, param: 'client_secret' })
  })
})
