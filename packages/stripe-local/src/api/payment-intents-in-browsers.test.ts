import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, typed, useStripeLocal } from '../in-process.fixture.js'

const { stripe, browser, stripeLocal } = useStripeLocal()

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
