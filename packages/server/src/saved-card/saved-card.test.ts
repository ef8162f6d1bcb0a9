import {
  type ClientId,
  HEADERS,
  type Payment,
  readPaymentRequired,
  readPaymentResponse,
} from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Device, newDevice } from '../proof/device.fixture.js'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'

type Wish = Omit<Payment, 'stripe402Version'>

const URL = '/.well-known/stripe402/top-up'

let seller: Seller
let cards: Stripe
let device: Device
let lines: string[]

beforeEach(() => open())
afterEach(() => seller.close())

function open(options: Partial<Stripe402Options> = {}, stripeLocal = createStripeLocal()): void {
  cards = new Stripe(stripeLocal.keys.publishableKey, { httpClient: stripeLocal.httpClient })
  device = newDevice()
  lines = []
  const tell = (line: string): void => void lines.push(line)
  seller = openSeller({ stripeLocal, logger: { warn: tell, error: tell }, ...options })
}

async function cardOf(number: string): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2034, cvc: '123' }
  return (await cards.paymentMethods.create({ type: 'card', card })).id
}

/** Sends a payment, signed by a device unless told otherwise. */
function topUp(wish: Wish, by: Device | null = device): Promise<Answer> {
  return seller.stripe402.topUp(requestWith(signed(wish, by)))
}

function signed(wish: Wish, by: Device | null = device): Wish {
  return by ? by.sign(wish, { method: 'POST', url: URL }) : wish
}

/** Buys $5 with a card. */
async function enterCard(changes: Wish = {}, by: Device | null = device): Promise<Answer> {
  const paymentMethodId = await cardOf('4242424242424242')
  return topUp({ paymentMethodId, topUpAmount: 50_000, purchaseId: somePurchaseId(), ...changes }, by)
}

function clientOf(answer: Answer): ClientId {
  const receipt = readPaymentResponse(answer.headers[HEADERS.PAYMENT_RESPONSE])
  if (!receipt.ok) throw new Error(answer.body)
  return receipt.value.clientId
}

function errorOf(answer: Answer): string {
  const challenge = readPaymentRequired(answer.headers[HEADERS.PAYMENT_REQUIRED])
  return challenge.ok ? (challenge.value.error ?? 'unpaid') : String(answer.status)
}

/** A person whose card is kept. */
async function keptBy(number = '4242424242424242'): Promise<ClientId> {
  return clientOf(await enterCard({ paymentMethodId: await cardOf(number), saveCard: true }))
}

function payKept(clientId: ClientId, changes: Wish = {}, by: Device | null = device): Promise<Answer> {
  const purchaseId = somePurchaseId()
  return topUp({ clientId, savedCard: true, topUpAmount: 100_000, purchaseId, ...changes }, by)
}

function balance(wish: Wish, by: Device | null = device): Promise<Answer> {
  return seller.stripe402.balance(requestWith(signed(wish, by)))
}

async function shownTo(by: Device | null, clientId: ClientId): Promise<unknown> {
  return JSON.parse((await balance({ clientId }, by)).body).savedCard
}

function forget(wish: Wish, by: Device | null = device): Promise<Answer> {
  return seller.stripe402.forgetCard(requestWith(signed(wish, by)))
}

function charged(): number[] {
  const succeeded = seller.stripeLocal.state.charges().filter(({ status }) => status === 'succeeded')
  return succeeded.map(({ amount }) => amount)
}

function calls(method: string, path: string): number {
  return seller.stripeLocal.log.entries.filter((entry) => entry.method === method && entry.path === path)
    .length
}

async function attached(): Promise<string[]> {
  const { data } = await seller.stripe.customers.list()
  const lists = await Promise.all(data.map(({ id }) => seller.stripe.customers.listPaymentMethods(id)))
  return lists.flatMap((list) => list.data.map(({ id }) => id))
}

describe('saveCard', () => {
  it('keeps the card of a person who agreed, under a Customer who is made before the charge', async () => {
    const clientId = await keptBy()
    expect(charged()).toEqual([500])
    expect(await attached()).toHaveLength(1)
    expect(await shownTo(device, clientId)).toEqual({
      brand: 'visa',
      last4: '4242',
      expMonth: 12,
      expYear: 2034,
    })
    const posts = seller.stripeLocal.log.entries.filter(({ method }) => method === 'POST')
    expect(posts.slice(-3).map(({ path }) => path)).toEqual([
      '/v1/customers',
      '/v1/payment_intents',
      expect.stringMatching(/confirm$/),
    ])
  })

  it('keeps nothing without it, and makes no Customer', async () => {
    const clientId = clientOf(await enterCard())
    expect(await shownTo(device, clientId)).toBeUndefined()
    expect(calls('POST', '/v1/customers')).toBe(0)
    expect(await attached()).toEqual([])
  })

  it('keeps nothing for somebody without a key, who could never use or forget it', async () => {
    await enterCard({ saveCard: true }, null)
    expect(charged()).toEqual([500])
    expect(calls('POST', '/v1/customers')).toBe(0)
  })

  it('is not offered by a seller who keeps no cards, and has no effect there', async () => {
    await seller.close()
    open({ keepCards: false })
    const offer = await seller.stripe402.topUp(requestWith({}))
    expect(JSON.parse(offer.body).accepts[0]).not.toHaveProperty('canSaveCard')
    await keptBy()
    expect(calls('POST', '/v1/customers')).toBe(0)
    await seller.close()
    open()
    expect(JSON.parse((await seller.stripe402.topUp(requestWith({}))).body).accepts[0].canSaveCard).toBe(true)
  })

  it('keeps nothing of a card that was declined', async () => {
    const answer = await enterCard({ paymentMethodId: await cardOf('4000000000000002'), saveCard: true })
    expect(errorOf(answer)).toBe('card_declined')
    expect(await attached()).toEqual([])
  })

  it('keeps a card after its bank check, whoever hears of it first', async () => {
    const answer = await enterCard({ paymentMethodId: await cardOf('4000000000003220'), saveCard: true })
    expect(errorOf(answer)).toBe('authentication_required')
    const challenge = readPaymentRequired(answer.headers[HEADERS.PAYMENT_REQUIRED])
    const next = challenge.ok ? challenge.value.nextAction : undefined
    if (!next) throw new Error(answer.body)
    expect(await attached()).toEqual([])
    seller.stripeLocal.authenticate(next.paymentIntentId, 'approve')
    const { purchaseId, paymentIntentId } = next
    const clientId = clientOf(await topUp({ purchaseId, paymentIntentId }))
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '3220' })
  })

  it('uses one Customer for a client, however often a card is kept', async () => {
    await keptBy()
    await keptBy()
    expect((await seller.stripe.customers.list()).data).toHaveLength(1)
    expect(await attached()).toHaveLength(2)
  })

  it.each([403, 500])(
    'charges a card also where Stripe answers %i to the wish for a Customer',
    async (status) => {
      const path = '/v1/customers'
      seller.stripeLocal.faults.add({ method: 'POST', path, kind: 'status', status, times: 'always' })
      const clientId = await keptBy()
      expect(charged()).toEqual([500])
      expect(await shownTo(device, clientId)).toBeUndefined()
      expect(lines).toHaveLength(1)
    },
  )

  it('charges a card also where its Customer was deleted meanwhile', async () => {
    await keptBy()
    const [customer] = (await seller.stripe.customers.list()).data
    await seller.stripe.customers.del(customer?.id ?? '')
    await keptBy()
    expect(charged()).toEqual([500, 500])
  })

  it('never lets a card that cannot be read keep a payment from being credited', async () => {
    const paymentMethodId = await cardOf('4242424242424242')
    const read = { method: 'GET', path: `/v1/payment_methods/${paymentMethodId}`, kind: 'status' } as const
    seller.stripeLocal.faults.add({ ...read, status: 500, times: 'always', nth: 2 })
    const clientId = clientOf(await enterCard({ paymentMethodId, saveCard: true }))
    expect((await seller.store.account({ clientId, currency: 'usd' })).credited).toBe(50_000)
    expect(await shownTo(device, clientId)).toBeUndefined()
  })
})

describe('savedCard', () => {
  it('charges the kept card, and Stripe is not asked whose it is', async () => {
    const clientId = await keptBy()
    const before = seller.stripeLocal.log.entries.length
    expect(clientOf(await payKept(clientId))).toBe(clientId)
    expect(charged()).toEqual([500, 1000])
    expect((await seller.store.account({ clientId, currency: 'usd' })).available).toBe(150_000)
    const asked = seller.stripeLocal.log.entries.slice(before)
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/payment_intents',
      expect.stringMatching(/^POST .*confirm$/),
    ])
  })

  it('can be used again and again', async () => {
    const clientId = await keptBy()
    for (let at = 0; at < 3; at += 1) expect((await payKept(clientId)).status).toBe(200)
    expect(charged()).toEqual([500, 1000, 1000, 1000])
  })

  it('is of no use to whoever knows the client, the number of the card, its PaymentMethod or an old header', async () => {
    const clientId = await keptBy()
    const thief = newDevice()
    const kept = (await attached())[0] ?? ''
    const sent = signed({ clientId, savedCard: true, topUpAmount: 100_000, purchaseId: somePurchaseId() })
    expect((await seller.stripe402.topUp(requestWith(sent))).status).toBe(200)
    const { session } = JSON.parse((await topUp({ ...sent, requestId: undefined })).body)
    expect(charged()).toEqual([500, 1000])

    expect(errorOf(await payKept(clientId, {}, null))).toBe('proof_required')
    expect(errorOf(await payKept(clientId, {}, thief))).toBe('proof_required')
    expect(errorOf(await payKept(clientId, { session }, null))).toBe('proof_required')
    const replayed = requestWith({ ...sent, purchaseId: somePurchaseId() })
    expect(errorOf(await seller.stripe402.topUp(replayed))).toBe('proof_required')
    const named = { paymentMethodId: kept, topUpAmount: 50_000, purchaseId: somePurchaseId() }
    expect(errorOf(await topUp(named, thief))).toBe('payment_failed')
    expect(charged()).toEqual([500, 1000])

    for (const by of [null, thief]) {
      expect(await shownTo(by, clientId)).toBeUndefined()
      expect((await forget({ clientId }, by)).status).toBe(402)
    }
    // Who has the number can make a PaymentMethod of it, which the kept card is no help with.
    const paymentMethodId = await cardOf('4000000000000002')
    expect(errorOf(await payKept(clientId, { paymentMethodId }, thief))).toBe('card_declined')
    expect(charged()).toEqual([500, 1000])
    expect(await attached()).toEqual([kept])
  })

  it('is of no use to a bare clientId where the seller lets it spend', async () => {
    await seller.close()
    open({ bearerClientId: 'always' })
    const clientId = await keptBy()
    expect((await balance({ clientId }, null)).status).toBe(200)
    expect(await shownTo(null, clientId)).toBeUndefined()
    expect(errorOf(await payKept(clientId, {}, null))).toBe('proof_required')
    expect((await forget({ clientId }, null)).status).toBe(402)
  })

  it('looks the same to a stranger whether or not a card is kept', async () => {
    const kept = await keptBy()
    const none = clientOf(await enterCard({ paymentMethodId: await cardOf('5555555555554444') }))
    const thief = newDevice()
    const [one, other] = [await payKept(kept, {}, thief), await payKept(none, {}, thief)]
    expect(one).toEqual(other)
  })

  it('wants a purchase and an amount', async () => {
    const clientId = await keptBy()
    expect(errorOf(await payKept(clientId, { purchaseId: undefined }))).toBe('invalid_payment')
    expect(errorOf(await payKept(clientId, { topUpAmount: undefined }))).toBe('invalid_payment')
    expect(errorOf(await topUp({ savedCard: true }))).toBe('invalid_payment')
    expect(errorOf(await payKept(clientId, { topUpAmount: 100 }))).toBe('top_up_below_minimum')
    expect(charged()).toEqual([500])
  })

  it('is charged once for one purchase, also when the same request comes again', async () => {
    const clientId = await keptBy()
    const sent = signed({ clientId, savedCard: true, topUpAmount: 100_000, purchaseId: somePurchaseId() })
    const answers = await Promise.all([1, 2, 3].map(() => seller.stripe402.topUp(requestWith(sent))))
    expect(answers.map(({ status }) => status)).toContain(200)
    expect((await seller.stripe402.topUp(requestWith(sent))).status).toBe(200)
    expect((await topUp({ ...sent, requestId: undefined })).status).toBe(200)
    expect(charged()).toEqual([500, 1000])
  })

  it('is known to have been charged for a purchase, also once it is forgotten', async () => {
    const clientId = await keptBy()
    const purchaseId = somePurchaseId()
    expect((await payKept(clientId, { purchaseId })).status).toBe(200)
    await forget({ clientId })
    expect((await payKept(clientId, { purchaseId })).status).toBe(200)
    expect(errorOf(await payKept(clientId))).toBe('payment_failed')
    expect(charged()).toEqual([500, 1000])
  })

  it('goes through the bank check that the bank asks for', async () => {
    const clientId = clientOf(await approved(await enterCard({ ...(await bankCard()), saveCard: true })))
    const again = await payKept(clientId)
    expect(errorOf(again)).toBe('authentication_required')
    expect(clientOf(await approved(again))).toBe(clientId)
    expect(charged()).toEqual([500, 1000])
  })

  it('is declined as any card, and stays kept', async () => {
    const clientId = await keptBy()
    const declining = 'pm_card_chargeCustomerFail'
    const { id: customerId } = await seller.stripe.customers.create({ payment_method: declining })
    const [card] = (await seller.stripe.customers.listPaymentMethods(customerId)).data
    const known = await seller.store.savedCard(clientId)
    if (!card || !known) throw new Error('nothing kept')
    await seller.store.keepCard({ ...known, customerId, paymentMethodId: card.id, last4: '0341' })
    expect(errorOf(await payKept(clientId))).toBe('card_declined')
    expect(await shownTo(device, clientId)).toMatchObject({ last4: '0341' })
    expect(charged()).toEqual([500])
  })

  it('is forgotten once Stripe has it no longer, and the person is asked for a card', async () => {
    const clientId = await keptBy()
    await seller.stripe.paymentMethods.detach((await attached())[0] ?? '')
    const refused = await payKept(clientId)
    expect(errorOf(refused)).toBe('payment_failed')
    expect(JSON.parse(refused.body).decline).toEqual({ code: 'card_not_usable', advice: 'use_another_card' })
    expect(await shownTo(device, clientId)).toBeUndefined()
    expect(errorOf(await payKept(clientId))).toBe('payment_failed')
    expect(charged()).toEqual([500])
  })
})

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

async function bankCard(): Promise<Wish> {
  return { paymentMethodId: await cardOf('4000002760003184') }
}

/** The person says yes to the bank. */
async function approved(answer: Answer): Promise<Answer> {
  const challenge = readPaymentRequired(answer.headers[HEADERS.PAYMENT_REQUIRED])
  const next = challenge.ok ? challenge.value.nextAction : undefined
  if (!next) throw new Error(answer.body)
  seller.stripeLocal.authenticate(next.paymentIntentId, 'approve')
  return topUp({ purchaseId: next.purchaseId, paymentIntentId: next.paymentIntentId })
}
