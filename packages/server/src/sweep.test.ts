import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'vitest'
import { openSeller, type Seller } from './seller.fixture.js'
import { MemoryStore } from './store/index.js'
import type { JudgedPurchase, Purchase, PurchaseFailure } from './store.js'
import { holdOf, someAccount, termsOf } from './testing/contract/subject.js'

let seller: Seller | undefined
let nowMs = Date.UTC(2026, 0, 1)
afterEach(async () => {
  await seller?.close()
})

/** So many people who left during their bank check, long ago. */
async function leaveDuringBankChecks(store: MemoryStore, count: number): Promise<void> {
  for (let left = 0; left < count; left += 1) {
    const prepared = await store.prepareTopUp(termsOf(someAccount()), null)
    assert(prepared.type === 'prepared')
    await store.awaitAction(await store.saveIntent(prepared.purchase, `pi_of_nobody_${left}`))
  }
}

/** A store that closes no purchase before so many are being closed at once. */
class Crowd extends MemoryStore {
  readonly #size: number
  #waiting: (() => void)[] = []
  most = 0

  constructor(size: number) {
    super({ clock: () => nowMs })
    this.#size = size
  }

  override async failTopUp(purchase: JudgedPurchase, failure: PurchaseFailure): Promise<Purchase> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      this.most = Math.max(this.most, this.#waiting.length)
      if (this.#waiting.length === this.#size) for (const go of this.#waiting.splice(0)) go()
    })
    return super.failTopUp(purchase, failure)
  }
}

describe('sweep', () => {
  it('looks into eight purchases at once, and returns holds before', async () => {
    const store = new Crowd(8)
    seller = openSeller({ store })
    for (let left = 0; left < 24; left += 1) await store.prepareTopUp(termsOf(someAccount()), null)
    const account = someAccount()
    await store.credit({ ...account, paymentIntentId: 'pi_1', units: 500, purchaseId: null })
    await store.hold(holdOf(account, { units: 500 }))
    nowMs += 600_000
    const heldWhenAsked: number[] = []
    const { due } = store
    store.due = async (query) => {
      heldWhenAsked.push((await store.account(account)).held)
      return Reflect.apply(due, store, [query])
    }
    const report = await seller.stripe402.sweep()
    assert.deepEqual(report, {
      purchasesFinished: 24,
      purchasesStillOpen: 0,
      purchasesUnknown: 0,
      holdsReleased: 1,
    })
    assert.deepEqual([store.most, heldWhenAsked[0]], [8, 0])
  })

  it('finishes what a process left, however many people left during their bank checks before', async () => {
    const store = new MemoryStore({ clock: () => nowMs })
    seller = openSeller({ store })
    await leaveDuringBankChecks(store, 1100)
    nowMs += 1000
    const left = await store.prepareTopUp(termsOf(someAccount()), null)
    assert(left.type === 'prepared')
    nowMs += 60_000
    const report = await seller.stripe402.sweep()
    // Nobody at Stripe knows those PaymentIntents; of so many, a hundred are asked about.
    assert.deepEqual(report, {
      purchasesFinished: 1,
      purchasesStillOpen: 100,
      purchasesUnknown: 100,
      holdsReleased: 0,
    })
    assert.equal((await store.purchase(left.purchase.purchaseId))?.status, 'failed')
  })

  it('says of how many nobody knows while Stripe is away, and how far it has come', async () => {
    const store = new MemoryStore({ clock: () => nowMs })
    seller = openSeller({ store })
    for (let left = 0; left < 3; left += 1) await store.prepareTopUp(termsOf(someAccount()), null)
    nowMs += 60_000
    seller.stripeLocal.faults.add({
      path: '/v1/payment_intents',
      kind: 'status',
      status: 500,
      times: 'always',
    })
    const progress: number[] = []
    const report = await seller.stripe402.sweep({ onProgress: (purchases) => progress.push(purchases) })
    assert.deepEqual(report, {
      purchasesFinished: 0,
      purchasesStillOpen: 3,
      purchasesUnknown: 3,
      holdsReleased: 0,
    })
    assert.deepEqual(progress, [1, 2, 3])
  })
})
