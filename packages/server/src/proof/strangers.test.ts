import { HEADERS, type Payment, readPaymentResponse } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import type { Mark, MarkResult } from '../store.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { type Device, newDevice, someRequestId } from './device.fixture.js'

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
  const requestId = someRequestId()
  return { ...wish, requestId, proof: device.prove({ method: 'POST', url: TOP_UP, requestId }) }
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

describe('a proof', () => {
  it('of a key that is bound to nothing leaves nothing in the store, however many are sent', async () => {
    const { clientId } = await buyWith(newDevice(), { paymentMethodId: 'pm_card_visa' })
    const before = store.proofs
    const tag = seller.stripe402.priceTag({ price: 100 })
    for (let at = 0; at < 20; at += 1) {
      const stranger = newDevice()
      await seller.stripe402.authorize(
        { ...requestWith(signed(stranger, { clientId })), method: 'POST', url: TOP_UP },
        tag,
      )
      await seller.stripe402.balance({
        ...requestWith(signed(stranger, { clientId })),
        method: 'POST',
        url: TOP_UP,
      })
      await seller.stripe402.topUp(requestWith(signed(stranger, { purchaseId: somePurchaseId() })))
    }
    expect(store.proofs).toBe(before)
  })

  it('is used up also where the request is refused before its card is asked about', async () => {
    const device = newDevice()
    const { clientId } = await buyWith(device, { paymentMethodId: 'pm_card_visa', saveCard: true })
    const limited = openSeller({
      stripeLocal: seller.stripeLocal,
      stripe: seller.stripe,
      store,
      limits: { attemptsPerAddress: { most: 1, withinMs: 60_000 } },
    })
    const wish = signed(device, { clientId, paymentMethodId: 'pm_card_visa', purchaseId: somePurchaseId() })
    const from = { address: () => '192.0.2.1' }
    await limited.stripe402.topUp({ ...requestWith({ paymentMethodId: 'pm_nobody_has_this' }), ...from })
    expect((await limited.stripe402.topUp({ ...requestWith(wish), ...from })).status).toBe(429)
    const stolen: Wish = { clientId, savedCard: true, purchaseId: somePurchaseId(), topUpAmount: 50_000 }
    const { requestId, proof } = wish
    const answer = await seller.stripe402.topUp(requestWith({ ...stolen, requestId, proof }))
    expect(answer.status).toBe(402)
    expect(seller.stripeLocal.state.charges()).toHaveLength(1)
    await limited.stripe402.close()
  })
})
