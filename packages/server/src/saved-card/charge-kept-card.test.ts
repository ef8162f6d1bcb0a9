import type { ClientId } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newDevice } from '../proof/device.fixture.js'
import { requestWith } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import {
  approved,
  attached,
  balance,
  bankCard,
  cardOf,
  charged,
  clientOf,
  device,
  enterCard,
  errorOf,
  forget,
  keptBy,
  open,
  payKept,
  seller,
  shownTo,
  signed,
  topUp,
} from './kept-card.fixture.js'

beforeEach(() => open())
afterEach(() => seller.close())

/** The bank declines the kept card from now on. */
async function declineKept(clientId: ClientId): Promise<void> {
  const declining = 'pm_card_chargeCustomerFail'
  const { id: customerId } = await seller.stripe.customers.create({ payment_method: declining })
  const [card] = (await seller.stripe.customers.listPaymentMethods(customerId)).data
  const known = await seller.store.savedCard(clientId)
  if (!card || !known) throw new Error('nothing kept')
  await seller.store.keepCard({ ...known, customerId, paymentMethodId: card.id, last4: '0341' })
}

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

  it('does not say that no card is kept where the store has lost what it knew', async () => {
    const store = new MemoryStore()
    open({ store })
    const clientId = await keptBy()
    store.wipe()
    expect((await payKept(clientId)).status).toBe(503)
    expect((await balance({ clientId })).status).toBe(503)
    await seller.stripe402.reconcile()
    expect((await balance({ clientId })).status).toBe(200)
    expect(charged()).toEqual([500])
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
    const kind = { ...named, purchaseId: somePurchaseId(), saveCard: true }
    expect(errorOf(await topUp(kind, thief))).toBe('payment_failed')
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
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await seller.stripe402.topUp(requestWith(sent))).status).toBe(409)
    expect((await topUp({ ...sent, requestId: undefined })).status).toBe(200)
    expect(charged()).toEqual([500, 1000])
  })

  it('is not charged by a used-up header whose purchase failed, whatever card is kept by then', async () => {
    const clientId = await keptBy()
    await declineKept(clientId)
    const sent = signed({ clientId, savedCard: true, topUpAmount: 100_000, purchaseId: somePurchaseId() })
    expect(errorOf(await seller.stripe402.topUp(requestWith(sent)))).toBe('card_declined')
    expect(clientOf(await enterCard({ saveCard: true }))).toBe(clientId)
    expect(charged()).toEqual([500, 500])

    expect(errorOf(await seller.stripe402.topUp(requestWith(sent)))).toBe('card_declined')
    expect(charged()).toEqual([500, 500])
    // Its device signs anew, and the new card pays.
    expect((await topUp({ ...sent, requestId: undefined })).status).toBe(200)
    expect(charged()).toEqual([500, 500, 1000])
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
    await declineKept(clientId)
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
