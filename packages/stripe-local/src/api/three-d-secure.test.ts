import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, useStripeLocal } from '../in-process.fixture.js'

const { stripe, browser, stripeLocal } = useStripeLocal()

async function challenged(
  name: string,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  const intent = await stripe.paymentIntents.create({
    ...CARD_PAYMENT,
    payment_method: `pm_card_${name}`,
    confirm: true,
    ...params,
  })
  expect(intent).toMatchObject({ status: 'requires_action', latest_charge: null })
  return intent
}

async function finish(intent: Stripe.PaymentIntent, outcome: string): Promise<unknown> {
  const answer = await browser.rawRequest('POST', '/v1/3ds2/authenticate', {
    intent: intent.id,
    client_secret: intent.client_secret,
    outcome,
  })
  return answer
}

describe('3-D Secure on a PaymentIntent', () => {
  it.each([
    'authenticationRequired',
    'authenticationRequiredOnSetup',
    'threeDSecure2Required',
    'threeDSecureRequired',
  ])('asks for pm_card_%s and charges after approval', async (name) => {
    const intent = await challenged(name, { use_stripe_sdk: true })
    expect(intent.next_action).toMatchObject({
      type: 'use_stripe_sdk',
      use_stripe_sdk: { type: 'stripe_3ds2_fingerprint' },
    })
    stripeLocal.log.assertNoCharge()
    const seen = await finish(intent, 'approve')
    expect(seen).toMatchObject({ id: intent.id, status: 'succeeded', next_action: null })
    expect(seen).not.toHaveProperty('metadata')
    const charge = stripeLocal.log.assertOneCharge({ paymentIntent: intent.id })
    expect(charge.payment_method_details?.card?.three_d_secure).toMatchObject({ result: 'authenticated' })
  })

  it('goes back to requires_payment_method when it fails', async () => {
    const intent = await challenged('authenticationRequired')
    expect(await finish(intent, 'fail')).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure', type: 'invalid_request_error' },
    })
    const again = stripe.paymentIntents.confirm(intent.id, {
      payment_method: intent.payment_method?.toString() ?? '',
    })
    expect((await failureOf(again)).message).toContain('may not be used again')
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })
    expect(paid.status).toBe('succeeded')
  })

  it.each([
    ['authenticationRequiredChargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['threeDSecureRequiredChargeDeclined', 'card_declined', 'generic_decline'],
    ['threeDSecureRequiredProcessingError', 'processing_error', 'processing_error'],
  ])('is passed by pm_card_%s, which is declined all the same', async (name, code, declineCode) => {
    const intent = await challenged(name)
    expect(await finish(intent, 'approve')).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code, decline_code: declineCode },
    })
    stripeLocal.log.assertNoCharge()
  })

  it('redirects where a return_url is given and the SDK is not in use', async () => {
    const intent = await challenged('authenticationRequired', { return_url: 'https://shop.example/back' })
    expect(intent.next_action).toMatchObject({
      type: 'redirect_to_url',
      redirect_to_url: { return_url: 'https://shop.example/back' },
    })
  })

  it('cannot be answered twice, with another secret, or with a word of its own', async () => {
    const intent = await challenged('authenticationRequired')
    const other = await challenged('authenticationRequired')
    const foreign = finish({ ...intent, client_secret: other.client_secret }, 'approve')
    expect(await failureOf(foreign)).toMatchObject({ param: 'client_secret' })
    expect(await failureOf(finish(intent, 'maybe'))).toMatchObject({ param: 'outcome' })
    await finish(intent, 'approve')
    expect(await failureOf(finish(intent, 'approve'))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
    stripeLocal.log.assertOneCharge()
  })

  it('is finished by the bank app although the page is gone', async () => {
    const intent = await challenged('authenticationRequired')
    stripeLocal.authenticate(intent.id, 'approve')
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded')
  })

  it('is a decline where the payer is away', async () => {
    const call = stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      off_session: true,
    })
    expect(await failureOf(call)).toMatchObject({
      type: 'StripeCardError',
      code: 'authentication_required',
      payment_intent: { status: 'requires_payment_method' },
    })
  })

  it('is a decline where the caller refuses actions', async () => {
    const call = stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      error_on_requires_action: true,
    })
    expect(await failureOf(call)).toMatchObject({ code: 'authentication_required' })
    stripeLocal.log.assertNoCharge()
  })

  it('waits for the server under manual confirmation', async () => {
    const intent = await challenged('authenticationRequired', { confirmation_method: 'manual' })
    expect(await finish(intent, 'approve')).toMatchObject({ status: 'requires_confirmation' })
    stripeLocal.log.assertNoCharge()
    expect((await stripe.paymentIntents.confirm(intent.id)).status).toBe('succeeded')
  })

  it('spares a card that was set up, while the payer is away', async () => {
    const customer = await stripe.customers.create()
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      allowed_payment_method_types: ['card'],
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: true,
    })
    expect(setup.status).toBe('requires_action')
    stripeLocal.authenticate(setup.id, 'approve')
    const pay = {
      ...CARD_PAYMENT,
      customer: customer.id,
      payment_method: setup.payment_method?.toString() ?? '',
      confirm: true,
    }
    expect((await stripe.paymentIntents.create({ ...pay, off_session: true })).status).toBe('succeeded')
    expect((await stripe.paymentIntents.create(pay)).status).toBe('requires_action')
  })
})
