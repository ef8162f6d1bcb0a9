import assert from 'node:assert/strict'
import { isPurchaseId } from '@stripe402/core'
import { describe, it } from 'vitest'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'

const MINUTE_MS = 60_000
const purchaseId = '00000000-0000-4000-8000-000000000001'

/** A seller whose clocks the test moves. */
function openWithClock(): { seller: Seller; store: MemoryStore; pass(ms: number): void } {
  let nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  const store = new MemoryStore({ clock })
  const seller = openSeller({ store, stripeOptions: { clock }, runtime: { now: clock } })
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { seller, store, pass }
}

/** Begins a purchase that ends after its PaymentIntent was created. */
async function beginPurchase({ stripe402, stripeLocal }: Seller): Promise<void> {
  assert(isPurchaseId(purchaseId))
  stripeLocal.faults.add({
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    kind: 'refuse',
    times: 'always',
  })
  const wish = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, purchaseId }
  assert.equal((await stripe402.topUp(requestWith(wish))).status, 409)
  stripeLocal.faults.clear()
}

function statuses({ stripeLocal }: Seller): string[] {
  return stripeLocal.state.paymentIntents().map(({ status }) => status)
}

describe('reconcile of a PaymentIntent that was never confirmed', () => {
  it('leaves alone what an open purchase is about, cancels it once none is, and says so', async () => {
    const { seller, store, pass } = openWithClock()
    await beginPurchase(seller)
    pass(30 * MINUTE_MS)
    assert.deepEqual((await seller.stripe402.reconcile()).cancelled, [])
    const [purchase] = await store.due({ idleMs: 0, limit: 1 })
    assert(purchase)
    await store.failTopUp(purchase, { error: 'payment_failed' })
    assert.deepEqual(statuses(seller), ['requires_payment_method'])
    assert.deepEqual((await seller.stripe402.reconcile()).cancelled, [purchase.paymentIntentId])
    assert.deepEqual(statuses(seller), ['canceled'])
    assert.deepEqual((await seller.stripe402.reconcile()).cancelled, [])
  })

  it('leaves a young one to whoever is at it', async () => {
    const { seller, store, pass } = openWithClock()
    await beginPurchase(seller)
    pass(5 * MINUTE_MS)
    const [purchase] = await store.due({ idleMs: 0, limit: 1 })
    assert(purchase)
    await store.failTopUp(purchase, { error: 'payment_failed' })
    assert.deepEqual((await seller.stripe402.reconcile()).cancelled, [])
    assert.deepEqual(statuses(seller), ['requires_payment_method'])
  })

  it('leaves alone those of others, and those that wait for a bank', async () => {
    const { seller, pass } = openWithClock()
    await seller.stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      allowed_payment_method_types: ['card'],
    })
    const wish = { paymentMethodId: 'pm_card_threeDSecure2Required', topUpAmount: 50_000 }
    assert.equal((await seller.stripe402.topUp(requestWith(wish))).status, 402)
    pass(30 * MINUTE_MS)
    assert.deepEqual((await seller.stripe402.reconcile()).cancelled, [])
    assert.deepEqual(statuses(seller).sort(), ['requires_action', 'requires_payment_method'])
  })

  it('cancels it at any age where the store lost everything, before the shop goes on', async () => {
    for (const hasTakenMoney of [true, false]) {
      const { seller, store } = openWithClock()
      if (hasTakenMoney) await seller.topUp()
      await beginPurchase(seller)
      store.wipe()
      const another = openSeller({ store, stripeLocal: seller.stripeLocal })
      if (hasTakenMoney) assert.equal((await another.stripe402.reconcile()).cancelled.length, 1)
      await another.stripe402.start()
      assert.deepEqual(statuses(seller).sort(), hasTakenMoney ? ['canceled', 'succeeded'] : ['canceled'])
    }
  })
})
