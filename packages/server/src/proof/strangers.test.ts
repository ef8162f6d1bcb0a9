import { HEADERS, type Payment, readPaymentResponse } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import { MemoryStore } from '../store/index.js'
import type { Mark, MarkResult } from '../store.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { type Device, newDevice } from './device.fixture.js'

type Wish = Omit<Payment, 'stripe402Version'>

const TOP_UP = '/.well-known/stripe402/top-up'

/** A store that counts the proofs that it has to remember. */
class CountingStore extends MemoryStore {
  proofs = 0

  override mark(marks: readonly Mark[]): Promise<MarkResult[]> {
    this.proofs += marks.filter(({ name }) => name.startsWith('proof:')).length
    return super.mark(marks)
  }
}

let seller: Seller
let store: CountingStore

beforeEach(() => {
  store = new CountingStore()
  seller = openSeller({ store, topUpIn: { eur: {} } })
})
afterEach(() => seller.close())

function signed(device: Device, wish: Wish): Wish {
  return device.sign(wish, { method: 'POST', url: TOP_UP })
}

function receiptOf({ headers }: Answer): { clientId: Payment['clientId']; session: string | undefined } {
  const receipt = readPaymentResponse(headers[HEADERS.PAYMENT_RESPONSE])
  if (!receipt.ok) throw new Error(receipt.detail)
  return { clientId: receipt.value.clientId, session: receipt.value.session }
}

async function buyWith(device: Device, wish: Wish): Promise<ReturnType<typeof receiptOf>> {
  const bought = { topUpAmount: 50_000, purchaseId: somePurchaseId(), ...wish }
  return receiptOf(await seller.stripe402.topUp(requestWith(signed(device, bought))))
}

describe('a session of one client', () => {
  it('opens nothing of another one, in whatever currency either of them has an account', async () => {
    const { clientId } = await buyWith(newDevice(), { paymentMethodId: 'pm_card_visa' })
    const own = await buyWith(newDevice(), { paymentMethodId: 'pm_card_mastercard', currency: 'eur' })
    expect(own.session).toBeDefined()
    const wish = requestWith({ clientId, session: own.session })
    expect((await seller.stripe402.balance(wish)).status).toBe(402)
    expect((await seller.stripe402.history(wish)).status).toBe(402)
    expect((await seller.stripe402.signOut(wish)).status).toBe(402)
    const mine = requestWith({ clientId: own.clientId, session: own.session })
    expect((await seller.stripe402.balance(mine)).status).toBe(200)
  })
})

describe('a bound key', () => {
  it('is enough beside a session that has ended, whichever currency either of them is of', async () => {
    const device = newDevice()
    const card = 'pm_card_visa'
    const { clientId, session } = await buyWith(device, { paymentMethodId: card, currency: 'eur' })
    if (!clientId) throw new Error('no client')
    await seller.stripe402.signOut(requestWith({ clientId, session }))
    await buyWith(device, { paymentMethodId: card, currency: 'usd' })
    expect((await seller.stripe402.balance(requestWith({ clientId, session }))).status).toBe(402)
    const proved = requestWith(signed(device, { clientId, session }))
    expect((await seller.stripe402.balance(proved)).status).toBe(200)
    const leaving = requestWith(signed(device, { clientId, session }))
    expect((await seller.stripe402.signOut(leaving)).status).toBe(204)
  })
})

describe('a proof', () => {
  it('of a key that is bound to nothing leaves little in the store, however many are sent from one address', async () => {
    const { clientId } = await buyWith(newDevice(), { paymentMethodId: 'pm_card_visa' })
    const before = store.proofs
    const tag = seller.stripe402.priceTag({ price: 100 })
    const from = { address: () => '192.0.2.1' }
    for (let at = 0; at < 20; at += 1) {
      const stranger = newDevice()
      const named = signed(stranger, { clientId })
      await seller.stripe402.authorize({ ...requestWith(named), ...from }, tag)
      await seller.stripe402.balance({ ...requestWith(signed(stranger, { clientId })), ...from })
      const asked = signed(stranger, { purchaseId: somePurchaseId() })
      await seller.stripe402.topUp({ ...requestWith(asked), ...from })
    }
    expect(store.proofs - before).toBe(30)
  })

  it.each<[string, Wish]>([
    ['the kept card', { paymentMethodId: undefined, savedCard: true }],
    ['more', { topUpAmount: 5_000_000 }],
    ['another card', { paymentMethodId: 'pm_card_mastercard' }],
    ['another purchase', { purchaseId: somePurchaseId() }],
    ['a card to be kept', { saveCard: true }],
    ['another currency', { currency: 'eur' }],
  ])('is worth nothing in another payment than its own: %s', async (_what, changes) => {
    const device = newDevice()
    const { clientId } = await buyWith(device, { paymentMethodId: 'pm_card_visa', saveCard: true })
    const sold = seller.stripeLocal.state.charges().length
    const unsent = signed(device, {
      clientId,
      paymentMethodId: 'pm_card_visa',
      topUpAmount: 50_000,
      purchaseId: somePurchaseId(),
    })
    const answer = await seller.stripe402.topUp(requestWith({ ...unsent, ...changes }))
    // A card that is named may be charged by whoever names it, and then is nobody's proof.
    if (answer.status === 200) expect(receiptOf(answer).session).toBeUndefined()
    else expect(seller.stripeLocal.state.charges()).toHaveLength(sold)
    expect(answer.status).toBe(changes.savedCard ? 402 : 200)
    expect(await store.savedCard(clientId ?? noClient())).toMatchObject({ brand: 'visa' })
  })

  it.each<[string, Partial<Stripe402Options>]>([
    ['its address has tried too often', { limits: { attemptsPerAddress: { most: 1, withinMs: 60_000 } } }],
    ['it buys too little', { topUp: { min: 100_000 } }],
    ['nobody can say whose card it is', {}],
  ])('is used up by the refusal when %s', async (why, options) => {
    const { stripeLocal, stripe } = seller
    const refusing = openSeller({ stripeLocal, stripe, store, ...options })
    const from = { address: () => '192.0.2.1' }
    if (options.limits)
      await refusing.stripe402.topUp({ ...requestWith({ paymentMethodId: 'pm_no' }), ...from })
    if (why.startsWith('nobody'))
      stripeLocal.faults.add({ path: '/v1/payment_methods/:id', kind: 'status', status: 500, times: 2 })
    const sent = signed(newDevice(), { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 })
    const refused = await refusing.stripe402.topUp({ ...requestWith(sent), ...from })
    expect(refused.status).not.toBe(200)
    stripeLocal.faults.clear()
    const stolen = receiptOf(await seller.stripe402.topUp(requestWith(sent)))
    expect(stolen.session).toBeUndefined()
    expect(await store.keys({ clientId: stolen.clientId ?? noClient(), currency: 'usd' })).toMatchObject({
      era: 0,
    })
    await refusing.stripe402.close()
  })

  it('is used up by a request that a bare name was enough for', async () => {
    const { account } = await seller.topUp()
    const device = newDevice()
    const tag = seller.stripe402.priceTag({ price: 100 })
    const sent = requestWith(signed(device, { clientId: account.clientId }))
    expect((await seller.stripe402.authorize(sent, tag)).type).toBe('granted')
    await buyWith(device, { paymentMethodId: 'pm_card_visa' })
    expect((await store.keys(account)).thumbprints).toHaveLength(1)
    const stolen = await seller.stripe402.authorize({ ...sent }, tag)
    expect(stolen.type).toBe('refused')
  })
})

function noClient(): never {
  throw new Error('no client')
}
