import { describe, expect, it } from 'vitest'
import { failureOf, typed, useStripeLocal } from '../in-process.fixture.js'

const { stripe, browser, stripeLocal } = useStripeLocal()

const CARDS = { allowed_payment_method_types: ['card'] }

describe('setup_intents', () => {
  it('keep a card for its customer', async () => {
    const customer = await stripe.customers.create()
    const { id } = await stripe.setupIntents.create({ ...CARDS, customer: customer.id })
    const done = await stripe.setupIntents.confirm(id, {
      payment_method: 'pm_card_visa',
      expand: ['payment_method'],
    })
    expect(done).toMatchObject({
      status: 'succeeded',
      usage: 'off_session',
      payment_method: { customer: customer.id },
    })
  })

  it('ask the issuer', async () => {
    const { id } = await stripe.setupIntents.create(CARDS)
    const error = await failureOf(
      stripe.setupIntents.confirm(id, { payment_method: 'pm_card_visa_chargeDeclined' }),
    )
    expect(error).toMatchObject({
      statusCode: 402,
      code: 'card_declined',
      setup_intent: { id, status: 'requires_payment_method' },
    })
    expect((await stripe.setupIntents.retrieve(id)).last_setup_error).toMatchObject({
      decline_code: 'generic_decline',
    })
  })

  it.each([
    ['with a security code', typed('4242424242424242'), 'pass'],
    ['with a wrong one', typed('4000000000000101'), 'fail'],
    [
      'without one',
      { type: 'card', card: { number: '4242424242424242', exp_month: 12, exp_year: 2034 } },
      null,
    ],
  ] as const)('tell of a card %s what its issuer found', async (_, card, check) => {
    const { id: payment_method } = await browser.paymentMethods.create({ ...card })
    const wish = { ...CARDS, payment_method, confirm: true, expand: ['latest_attempt'] }
    expect(await stripe.setupIntents.create(wish)).toMatchObject({
      status: 'succeeded',
      latest_attempt: {
        payment_method,
        status: 'succeeded',
        payment_method_details: {
          card: { checks: { cvc_check: check }, three_d_secure: null, wallet: null },
        },
      },
    })
    expect((await stripe.paymentMethods.retrieve(payment_method)).card?.checks?.cvc_check).toBe(check)
  })

  it.each([
    ['approve', 'succeeded', 'authenticated'],
    ['fail', 'failed', 'failed'],
  ] as const)('tell how 3-D Secure ended: %s', async (outcome, status, result) => {
    const { id } = await stripe.setupIntents.create({
      ...CARDS,
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
    })
    const read = { expand: ['latest_attempt'] }
    expect((await stripe.setupIntents.retrieve(id, read)).latest_attempt).toMatchObject({
      status: 'requires_action',
      payment_method_details: { card: { three_d_secure: null, checks: { cvc_check: 'unchecked' } } },
    })
    stripeLocal.authenticate(id, outcome)
    expect((await stripe.setupIntents.retrieve(id, read)).latest_attempt).toMatchObject({
      status,
      payment_method_details: { card: { three_d_secure: { result } } },
    })
  })

  it('are authenticated by the payer, or not', async () => {
    const pending = async (): Promise<{ id: string; client_secret: string | null }> =>
      stripe.setupIntents.create({
        ...CARDS,
        payment_method: 'pm_card_authenticationRequired',
        confirm: true,
      })
    const first = await pending()
    const approved = await browser.rawRequest('POST', '/v1/3ds2/authenticate', {
      intent: first.id,
      client_secret: first.client_secret,
      outcome: 'approve',
    })
    expect(approved).toMatchObject({ status: 'succeeded' })
    const second = await pending()
    stripeLocal.authenticate(second.id, 'fail')
    expect(await stripe.setupIntents.retrieve(second.id)).toMatchObject({
      status: 'requires_payment_method',
      last_setup_error: { code: 'setup_intent_authentication_failure' },
    })
  })

  it('are confirmed by a browser with the client secret, with whatever card it has', async () => {
    const { id, client_secret: secret } = await stripe.setupIntents.create({
      ...CARDS,
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
    })
    stripeLocal.authenticate(id, 'fail')
    const path = `/v1/setup_intents/${id}/confirm`
    const confirm = (wish: object): Promise<unknown> => browser.rawRequest('POST', path, { ...wish })
    const declined = { client_secret: secret, payment_method: 'pm_card_visa_chargeDeclined' }
    const error = await failureOf(confirm(declined))
    expect(error).toMatchObject({ statusCode: 402, setup_intent: { id } })
    expect(error.setup_intent).not.toHaveProperty('metadata')
    expect(await failureOf(confirm({ payment_method: 'pm_card_visa' }))).toMatchObject({ statusCode: 400 })
    expect(await confirm({ client_secret: secret, payment_method: 'pm_card_visa' })).toMatchObject({
      status: 'succeeded',
    })
  })

  it('are canceled once, and not confirmed after that', async () => {
    const { id } = await stripe.setupIntents.create(CARDS)
    expect((await stripe.setupIntents.cancel(id)).status).toBe('canceled')
    const again = { code: 'setup_intent_unexpected_state', statusCode: 400 }
    expect(await failureOf(stripe.setupIntents.cancel(id))).toMatchObject(again)
    expect(
      await failureOf(stripe.setupIntents.confirm(id, { payment_method: 'pm_card_visa' })),
    ).toMatchObject(again)
  })

  it('are shown to a browser with the secret, without what is the seller’s', async () => {
    const { id, client_secret: secret } = await stripe.setupIntents.create({ ...CARDS, metadata: { a: 'b' } })
    const seen = await browser.setupIntents.retrieve(id, { client_secret: secret ?? '' })
    expect(seen).toMatchObject({ id, status: 'requires_payment_method' })
    expect(seen).not.toHaveProperty('metadata')
    expect(await failureOf(browser.setupIntents.retrieve(id))).toMatchObject({ param: 'client_secret' })
  })
})
