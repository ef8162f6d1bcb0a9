import { createStripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requestWith } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import {
  attached,
  charged,
  device,
  enterCard,
  errorOf,
  forget,
  keptBy,
  lines,
  open,
  payKept,
  seller,
  shownTo,
  signed,
} from './kept-card.fixture.js'

beforeEach(() => open())
afterEach(() => seller.close())

describe('forget-card', () => {
  it('takes the card from Stripe, and is done twice without harm', async () => {
    const clientId = await keptBy()
    await keptBy()
    expect(await forget({ clientId })).toMatchObject({ status: 204, body: '' })
    expect(await attached()).toEqual([])
    expect(await shownTo(device, clientId)).toBeUndefined()
    expect((await forget({ clientId })).status).toBe(204)
    expect(errorOf(await payKept(clientId))).toBe('payment_failed')
    expect(charged()).toEqual([500, 500])
  })

  it('says that it could not while Stripe does not answer, and goes on from there', async () => {
    const clientId = await keptBy()
    seller.stripeLocal.faults.add({
      path: '/v1/payment_methods/:id/detach',
      kind: 'status',
      status: 500,
      times: 2,
    })
    expect((await forget({ clientId })).status).toBe(503)
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '4242' })
    expect((await forget({ clientId })).status).toBe(204)
    expect(await attached()).toEqual([])
  })

  it('leaves credit and refunds alone, and the same card can be kept again', async () => {
    const clientId = await keptBy()
    await forget({ clientId })
    await seller.stripe402.refund(clientId)
    expect(seller.stripeLocal.state.refunds()).toMatchObject([{ amount: 500, status: 'succeeded' }])
    await keptBy()
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '4242' })
  })

  it('is not what signing out does: the card is there for the next device that shows the card', async () => {
    const clientId = await keptBy()
    const { session } = JSON.parse((await enterCard()).body)
    expect((await seller.stripe402.signOut(requestWith(signed({ clientId })))).status).toBe(204)
    expect((await forget({ clientId, session }, null)).status).toBe(402)
    expect(errorOf(await payKept(clientId))).toBe('proof_required')
    await enterCard()
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '4242' })
  })
})

describe('Stripe, about a kept card', () => {
  async function deliver(type: string): Promise<void> {
    const events = (await seller.stripe.events.list({ type, limit: 1 })).data
    for (const event of events) {
      const payload = JSON.stringify(event)
      const signature = seller.stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_seller' })
      expect((await seller.stripe402.webhook(payload, signature)).status).toBe(200)
    }
  }

  it('does not bring a card back that was forgotten', async () => {
    const clientId = await keptBy()
    await forget({ clientId })
    await deliver('payment_intent.succeeded')
    expect(await shownTo(device, clientId)).toBeUndefined()
  })

  it('is believed that a card was detached, or its Customer deleted', async () => {
    const clientId = await keptBy()
    const [kept = ''] = await attached()
    await deliver('payment_method.attached')
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '4242' })
    await seller.stripe.paymentMethods.detach(kept)
    await deliver('payment_method.detached')
    expect(await shownTo(device, clientId)).toBeUndefined()

    await keptBy()
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '4242' })
    seller.stripeLocal.renewCard((await attached())[0] ?? '')
    await deliver('payment_method.automatically_updated')
    expect(await shownTo(device, clientId)).toMatchObject({ expYear: 2038 })
    const [customer] = (await seller.stripe.customers.list()).data
    await seller.stripe.customers.del(customer?.id ?? '')
    await deliver('customer.deleted')
    expect(await shownTo(device, clientId)).toBeUndefined()
  })
})

describe('Stripe, about a card of a Customer that it does not know under this key', () => {
  it('is told that this is fine, and does not send it again', async () => {
    await keptBy()
    const [kept = ''] = await attached()
    const [customer] = (await seller.stripe.customers.list()).data
    await seller.stripe.paymentMethods.detach(kept)
    const [event] = (await seller.stripe.events.list({ type: 'payment_method.detached' })).data
    const payload = JSON.stringify(event).replaceAll(customer?.id ?? '', 'cus_of_another_shop')
    expect(payload).toContain('cus_of_another_shop')
    const signature = seller.stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_seller' })
    expect(await seller.stripe402.webhook(payload, signature)).toMatchObject({
      status: 200,
      body: 'Not needed.',
    })
  })
})

describe('Stripe, about a card, to a seller whose key may not read Customers', () => {
  it('is told that this is fine, for such a seller keeps no cards', async () => {
    const stripeLocal = createStripeLocal({ restrictedKeys: { rk_test_shop: ['customers'] } })
    await seller.close()
    open(
      { stripe: new Stripe('rk_test_shop', { httpClient: stripeLocal.httpClient }), keepCards: false },
      stripeLocal,
    )
    const customer = await seller.stripe.customers.create()
    const { id } = await seller.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    await seller.stripe.paymentMethods.detach(id)
    const [event] = (await seller.stripe.events.list({ type: 'payment_method.detached' })).data
    const payload = JSON.stringify(event)
    const signature = seller.stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_seller' })
    expect(await seller.stripe402.webhook(payload, signature)).toMatchObject({
      status: 200,
      body: 'Not needed.',
    })
  })
})

describe('a store that lost everything', () => {
  it('finds the kept card while it is rebuilt from Stripe', async () => {
    const store = new MemoryStore()
    await seller.close()
    open({ store })
    const clientId = await keptBy()
    store.wipe()
    await seller.stripe402.reconcile()
    expect(await store.savedCard(clientId)).toMatchObject({ last4: '4242' })
  })
})

describe('what is logged', () => {
  it('names no kept card, whatever goes wrong with it', async () => {
    const clientId = await keptBy()
    const [kept = ''] = await attached()
    const [customer] = (await seller.stripe.customers.list()).data
    const [methods, customers] = ['/v1/payment_methods', '/v1/customers']
    seller.stripeLocal.faults.add({
      method: 'GET',
      path: methods,
      kind: 'status',
      status: 500,
      times: 'always',
    })
    seller.stripeLocal.faults.add({ method: 'POST', path: customers, kind: 'status', status: 403 })
    await forget({ clientId })
    await enterCard({ paymentMethodId: 'pm_card_mastercard', saveCard: true })
    seller.stripeLocal.faults.clear()
    await seller.stripe.paymentMethods.detach(kept)
    await payKept(clientId)
    const told = JSON.stringify([lines, seller.events])
    expect(lines.length).toBeGreaterThan(0)
    for (const canary of ['4242', 'visa', kept, customer?.id ?? '-', clientId])
      expect(told).not.toContain(canary)
  })
})
