import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, typed, useStripeLocal } from '../in-process.fixture.js'

const { stripe, browser, stripeLocal } = useStripeLocal()

describe('payment_methods', () => {
  it('are made by a publishable key, which sees no fingerprint', async () => {
    const made = await browser.paymentMethods.create({
      ...typed('4242424242424242'),
      billing_details: { name: 'Ada', address: { country: 'GB', postal_code: 'N1' } },
    })
    expect(made).toMatchObject({
      object: 'payment_method',
      customer: null,
      card: { brand: 'visa', last4: '4242', exp_year: 2034, checks: { cvc_check: 'unchecked' } },
      billing_details: {
        name: 'Ada',
        email: null,
        address: { country: 'GB', postal_code: 'N1', city: null },
      },
    })
    expect(made.card).not.toHaveProperty('fingerprint')
    const read = await stripe.paymentMethods.retrieve(made.id)
    expect(read.card?.fingerprint).toMatch(/^[A-Za-z0-9]{16}$/)
  })

  it.each([
    ['2223003122003222', 'mastercard'],
    ['371449635398431', 'amex'],
    ['6011000990139424', 'discover'],
    ['36227206271667', 'diners'],
    ['6205500000000000004', 'unionpay'],
  ])('are made of %s, another of the test cards of %s', async (number, brand) => {
    const { card } = await browser.paymentMethods.create(typed(number))
    expect(card).toMatchObject({ brand, last4: number.slice(-4) })
  })

  it('have one fingerprint per number, whatever expiry and CVC', async () => {
    const fingerprintOf = async (number: string, year: number): Promise<string | null | undefined> => {
      const { id } = await browser.paymentMethods.create({
        type: 'card',
        card: { number, exp_month: 1, exp_year: year, cvc: '999' },
      })
      return (await stripe.paymentMethods.retrieve(id)).card?.fingerprint
    }
    const first = await fingerprintOf('4242424242424242', 2030)
    expect(await fingerprintOf('4242 4242 4242 4242', 2031)).toBe(first)
    expect(await fingerprintOf('5555555555554444', 2030)).not.toBe(first)
  })

  it('are not made from a number by a secret key: a server must never hold one', async () => {
    const error = await failureOf(stripe.paymentMethods.create(typed('4242424242424242')))
    expect(error.message).toContain(
      'Sending credit card numbers directly to the Stripe API is generally unsafe',
    )
  })

  it.each([
    ['4242424242424241', 'incorrect_number'],
    ['42424', 'invalid_number'],
    ['4111111111111111', 'card_declined'],
  ])('refuse the number %s as %s', async (number, code) => {
    const error = await failureOf(browser.paymentMethods.create(typed(number)))
    expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, param: 'number' })
  })

  it.each([
    [{ exp_month: 13, exp_year: 2034 }, 'invalid_expiry_month'],
    [{ exp_month: 10, exp_year: 2026 }, 'invalid_expiry_month'],
    [{ exp_month: 12, exp_year: 2025 }, 'invalid_expiry_year'],
    [{ exp_month: 12, exp_year: 2034, cvc: '12' }, 'invalid_cvc'],
  ])('refuse %o as %s', async (card, code) => {
    const call = browser.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', ...card },
    })
    expect(await failureOf(call)).toMatchObject({ statusCode: 402, code })
  })

  it('take two digits of a year, and this month', async () => {
    const card = { number: '4242424242424242', exp_month: 11, exp_year: 26, cvc: '123' }
    expect((await browser.paymentMethods.create({ type: 'card', card })).card?.exp_year).toBe(2026)
  })

  it('are made from a token once', async () => {
    const token = await browser.tokens.create({
      card: { number: '5555555555554444', exp_month: '12', exp_year: '2034', cvc: '123' },
    })
    const made = await stripe.paymentMethods.create({ type: 'card', card: { token: token.id } })
    expect(made.card).toMatchObject({ brand: 'mastercard', last4: '4444' })
    const again = await failureOf(stripe.paymentMethods.create({ type: 'card', card: { token: token.id } }))
    expect(again).toMatchObject({ statusCode: 400, code: 'token_already_used' })
    expect(await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_amex' } })).toMatchObject({
      card: { brand: 'amex' },
    })
  })

  it('are missed with 404 in the path and 400 in a parameter', async () => {
    expect(await failureOf(stripe.paymentMethods.retrieve('pm_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    })
    const call = stripe.paymentIntents.create({ ...CARD_PAYMENT, payment_method: 'pm_none' })
    expect(await failureOf(call)).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'payment_method',
    })
  })

  it('attach, list and detach; detached they are used up', async () => {
    const customer = await stripe.customers.create()
    const attached = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    expect(attached).toMatchObject({ customer: customer.id, card: { last4: '4242' } })
    const { data } = await stripe.customers.listPaymentMethods(customer.id)
    expect(data.map(({ id }) => id)).toEqual([attached.id])
    expect((await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data).toHaveLength(1)
    expect((await stripe.paymentMethods.detach(attached.id)).customer).toBeNull()
    const again = await failureOf(stripe.paymentMethods.attach(attached.id, { customer: customer.id }))
    expect(again.message).toContain('may not be used again')
  })

  it('are made anew by each use of a pm_card name', async () => {
    const one = await stripe.paymentMethods.retrieve('pm_card_visa')
    const two = await stripe.paymentMethods.retrieve('pm_card_visa')
    expect(one.id).not.toBe(two.id)
    expect(one.card?.fingerprint).toBe(two.card?.fingerprint)
  })

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('do not attach where the issuer declines: %s', async (name, code, declineCode) => {
    const customer = await stripe.customers.create()
    const error = await failureOf(stripe.paymentMethods.attach(name, { customer: customer.id }))
    expect(error).toMatchObject({ statusCode: 402, code, decline_code: declineCode })
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([])
  })

  it('attach where only charges are declined', async () => {
    const customer = await stripe.customers.create()
    const { id } = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id })
    const call = stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      customer: customer.id,
      payment_method: id,
      confirm: true,
    })
    expect(await failureOf(call)).toMatchObject({ code: 'card_declined' })
  })

  it('are renewed by the bank when attached', async () => {
    const customer = await stripe.customers.create()
    const { id, card } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    stripeLocal.renewCard(id)
    const renewed = await stripe.paymentMethods.retrieve(id)
    expect(renewed.card?.exp_year).toBe((card?.exp_year ?? 0) + 4)
    expect(renewed.card?.fingerprint).toBe(card?.fingerprint)
    expect((await stripe.events.list({ type: 'payment_method.automatically_updated' })).data).toHaveLength(1)
  })
})
