import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, typed, useStripeLocal } from '../in-process.fixture.js'

const { stripe, browser, stripeLocal } = useStripeLocal()

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
