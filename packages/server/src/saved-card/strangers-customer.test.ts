import { HEADERS, type NextAction, readPaymentRequired } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newDevice } from '../proof/device.fixture.js'
import type { Answer } from '../refusal.js'
import type { PurchaseTerms } from '../store.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import {
  approved,
  attached,
  cardOf,
  charged,
  clientOf,
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
  topUp,
} from './kept-card.fixture.js'

/** Its bank wants to see its customer, so that a client secret is handed out. */
const NUMBER = '4000000000003220'

beforeEach(() => open())
afterEach(() => seller.close())

function nextActionOf({ headers, body }: Answer): NextAction {
  const challenge = readPaymentRequired(headers[HEADERS.PAYMENT_REQUIRED])
  if (!challenge.ok || !challenge.value.nextAction) throw new Error(body)
  return challenge.value.nextAction
}

describe('a stranger with the number of a card that is kept, and its PaymentMethod from a log', () => {
  it('cannot pay their purchase with it at Stripe', async () => {
    clientOf(await approved(await enterCard({ paymentMethodId: await cardOf(NUMBER), saveCard: true })))
    const [kept = ''] = await attached()
    const thief = newDevice()
    const paymentMethodId = await cardOf(NUMBER)
    const begun = await enterCard({ paymentMethodId, saveCard: true }, thief)
    const { paymentIntentId, purchaseId } = nextActionOf(begun)
    const confirmed = seller.stripe.paymentIntents.confirm(paymentIntentId, { payment_method: kept })
    await expect(confirmed).rejects.toMatchObject({ code: 'resource_missing' })
    expect(charged()).toEqual([500])
    expect(errorOf(await topUp({ purchaseId, paymentIntentId }, thief))).toBe('authentication_required')
    expect(await attached()).toEqual([kept])
  })

  it('cannot name it while it is about to be kept', async () => {
    const paymentMethodId = await cardOf('4242424242424242')
    const { prepareTopUp } = seller.store
    let isFirst = true
    seller.store.prepareTopUp = async (terms: PurchaseTerms, hold) => {
      if (isFirst) {
        isFirst = false
        await enterCard({ paymentMethodId, saveCard: true })
      }
      return Reflect.apply(prepareTopUp, seller.store, [terms, hold])
    }
    const stolen = await enterCard({ paymentMethodId, saveCard: true }, newDevice())
    expect(errorOf(stolen)).toBe('payment_failed')
    expect(charged()).toEqual([500])
    expect(await attached()).toEqual([paymentMethodId])
  })
})

describe("a holder's second device", () => {
  it('has the card kept anew, with nothing left of the first that nobody could forget', async () => {
    const clientId = await keptBy()
    const [first = ''] = await attached()
    const second = newDevice()
    const paymentMethodId = await cardOf('4242424242424242')
    expect((await enterCard({ paymentMethodId, saveCard: true }, second)).status).toBe(200)
    expect(await attached()).toEqual([paymentMethodId])
    expect(paymentMethodId).not.toBe(first)
    for (const by of [device, second]) expect((await payKept(clientId, {}, by)).status).toBe(200)
    expect(charged()).toEqual([500, 500, 1000, 1000])
    expect((await forget({ clientId }, second)).status).toBe(204)
    expect(await attached()).toEqual([])
  })

  it('keeps the card of the first while Stripe does not take that away, until the webhook comes', async () => {
    const clientId = await keptBy()
    const [first] = await attached()
    const path = '/v1/payment_methods/:id/detach'
    seller.stripeLocal.faults.add({ method: 'POST', path, kind: 'status', status: 500, times: 'always' })
    const purchaseId = somePurchaseId()
    const paymentMethodId = await cardOf('4242424242424242')
    const second = newDevice()
    expect((await enterCard({ purchaseId, paymentMethodId, saveCard: true }, second)).status).toBe(200)
    expect((await seller.store.savedCard(clientId))?.paymentMethodId).toBe(first)
    expect(lines).toHaveLength(1)
    const [event] = (await seller.stripe.events.list({ type: 'payment_intent.succeeded', limit: 1 })).data
    const payload = JSON.stringify(event)
    const signature = seller.stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_seller' })
    expect((await seller.stripe402.webhook(payload, signature)).status).toBe(503)
    seller.stripeLocal.faults.clear()
    expect((await seller.stripe402.webhook(payload, signature)).status).toBe(200)
    expect(await attached()).toEqual([paymentMethodId])
    expect(await shownTo(second, clientId)).toMatchObject({ last4: '4242' })
  })
})
