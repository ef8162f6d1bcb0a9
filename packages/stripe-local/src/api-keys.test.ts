import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, useStripeLocal } from './in-process.fixture.js'
import { createStripeLocal } from './index.js'

const { stripe, browser, stripeLocal } = useStripeLocal()

function statusOf(headers: Record<string, string>, path = '/v1/customers'): Promise<number> {
  const call = stripeLocal.call({
    method: 'GET',
    path,
    query: '',
    body: '',
    header: (name) => headers[name] ?? null,
  })
  return call.then(({ status }) => status)
}

describe('API keys', () => {
  it('are asked for', async () => {
    expect(await statusOf({})).toBe(401)
    expect(await statusOf({ authorization: 'Bearer' })).toBe(401)
    const error = await failureOf(new Stripe('sk_test_other').customers.list())
    expect(error).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 })
    expect(error.message).toContain('Invalid API Key provided: sk_test_*')
  })

  it('come as Bearer or as the user name of Basic', async () => {
    expect(await statusOf({ authorization: 'Bearer sk_test_local' })).toBe(200)
    const basic = Buffer.from('sk_test_local:').toString('base64')
    expect(await statusOf({ authorization: `Basic ${basic}` })).toBe(200)
  })

  it.each([
    ['create a PaymentIntent', () => browser.paymentIntents.create(CARD_PAYMENT)],
    ['cancel one', () => browser.paymentIntents.cancel('pi_1')],
    ['list them', () => browser.paymentIntents.list()],
    ['read a PaymentMethod', () => browser.paymentMethods.retrieve('pm_1')],
    ['attach one', () => browser.paymentMethods.attach('pm_1', { customer: 'cus_1' })],
    ['read customers', () => browser.customers.list()],
    ['refund', () => browser.refunds.create({ payment_intent: 'pi_1' })],
    ['read events', () => browser.events.list()],
    ['read charges', () => browser.charges.list()],
  ])('that are publishable do not %s', async (_, call) => {
    expect(await failureOf(call())).toMatchObject({
      type: 'StripePermissionError',
      statusCode: 403,
      code: 'secret_key_required',
    })
  })

  it('that are restricted do what they may, and nothing else', async () => {
    const restricted = createStripeLocal({ restrictedKeys: { rk_test_mine: ['customers'] } })
    const limited = new Stripe('rk_test_mine', { httpClient: restricted.httpClient })
    expect((await limited.paymentIntents.create(CARD_PAYMENT)).status).toBe('requires_payment_method')
    for (const call of [limited.customers.create(), limited.customers.retrieve('cus_1')])
      expect(await failureOf(call)).toMatchObject({ type: 'StripePermissionError', statusCode: 403 })
    expect(() => createStripeLocal({ restrictedKeys: { rk_live_x: [] } })).toThrow('starts with rk_test_')
  })

  it('may be chosen, live ones never', () => {
    const keys = { publishableKey: 'pk_test_mine', secretKey: 'sk_test_mine' }
    expect(createStripeLocal(keys).keys).toEqual(keys)
    expect(() => createStripeLocal({ secretKey: 'sk_live_x' })).toThrow('starts with sk_test_')
  })
})

describe('requests', () => {
  it('name their answer, and speak one API version', async () => {
    const { lastResponse } = await stripe.customers.list()
    expect(lastResponse.requestId).toMatch(/^req_/)
    expect(lastResponse.apiVersion).toBe('2026-10-28.endive')
    const authorization = 'Bearer sk_test_local'
    expect(await statusOf({ authorization, 'stripe-version': '2024-06-20' })).toBe(400)
  })

  it('of unknown URLs are 404', async () => {
    const error = await failureOf(stripe.rawRequest('GET', '/v1/invoices'))
    expect(error).toMatchObject({ statusCode: 404, type: 'StripeInvalidRequestError' })
    expect(error.message).toContain('Unrecognized request URL (GET: /v1/invoices)')
  })

  it('carry forms, not JSON', async () => {
    const { status } = await stripeLocal.call({
      method: 'POST',
      path: '/v1/customers',
      query: '',
      body: '{}',
      header: (name) =>
        ({ authorization: 'Bearer sk_test_local', 'content-type': 'application/json' })[name] ?? null,
    })
    expect(status).toBe(400)
  })
})

describe('expand', () => {
  it('replaces ids by objects, several levels deep, in lists too', async () => {
    const customer = await stripe.customers.create({ name: 'Ada' })
    const params = { ...CARD_PAYMENT, customer: customer.id, payment_method: 'pm_card_visa', confirm: true }
    const paid = await stripe.paymentIntents.create({
      ...params,
      expand: ['latest_charge.customer', 'payment_method'],
    })
    expect(paid).toMatchObject({
      customer: customer.id,
      latest_charge: { object: 'charge', customer: { name: 'Ada' } },
      payment_method: { object: 'payment_method', card: { last4: '4242' } },
    })
    const { data } = await stripe.paymentIntents.list({ expand: ['data.latest_charge'] })
    expect(data).toMatchObject([{ latest_charge: { status: 'succeeded' } }])
  })

  it('refuses what cannot be expanded before anything happens', async () => {
    const call = stripe.paymentIntents.create({ ...CARD_PAYMENT, expand: ['charges'] })
    expect(await failureOf(call)).toMatchObject({ statusCode: 400, param: 'expand' })
    expect(stripeLocal.state.paymentIntents()).toEqual([])
    expect(await failureOf(stripe.paymentIntents.list({ expand: ['latest_charge'] }))).toMatchObject({
      param: 'expand',
    })
  })
})
