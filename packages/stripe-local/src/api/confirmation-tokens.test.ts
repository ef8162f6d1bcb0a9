import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, HOUR_MS, useStripeLocal } from '../in-process.fixture.js'

const { stripe, browser, clock } = useStripeLocal()

async function tokenFromBrowser(): Promise<string> {
  const answer = await browser.rawRequest('POST', '/v1/confirmation_tokens', {
    payment_method_data: {
      type: 'card',
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' },
      billing_details: { address: { postal_code: 'N1' } },
    },
  })
  if (!('id' in answer) || typeof answer.id !== 'string') throw new Error('No token came back.')
  expect(answer).not.toHaveProperty('payment_method_preview.card.fingerprint')
  return answer.id
}

describe('confirmation_tokens', () => {
  it('confirm one intent', async () => {
    const token = await tokenFromBrowser()
    const preview = await stripe.confirmationTokens.retrieve(token)
    expect(preview.payment_method_preview?.card?.fingerprint).toMatch(/^\w{16}$/)
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    const paid = await stripe.paymentIntents.confirm(id, {
      confirmation_token: token,
      expand: ['payment_method'],
    })
    expect(paid).toMatchObject({
      status: 'succeeded',
      payment_method: { billing_details: { address: { postal_code: 'N1' } } },
    })
    expect((await stripe.confirmationTokens.retrieve(token)).payment_intent).toBe(id)
    const next = await stripe.paymentIntents.create(CARD_PAYMENT)
    const again = await failureOf(stripe.paymentIntents.confirm(next.id, { confirmation_token: token }))
    expect(again.message).toContain('already been used')
  })

  it('expire after twelve hours', async () => {
    const token = await tokenFromBrowser()
    const { id } = await stripe.paymentIntents.create(CARD_PAYMENT)
    clock.nowMs += 12 * HOUR_MS
    const late = await failureOf(stripe.paymentIntents.confirm(id, { confirmation_token: token }))
    expect(late.message).toContain('has expired')
    expect(await failureOf(stripe.confirmationTokens.retrieve(token))).toMatchObject({ statusCode: 404 })
  })

  it('are made for tests by a secret key', async () => {
    const token = await stripe.testHelpers.confirmationTokens.create({ payment_method: 'pm_card_amex' })
    expect(token.payment_method_preview?.card).toMatchObject({ brand: 'amex', last4: '0005' })
  })
})
