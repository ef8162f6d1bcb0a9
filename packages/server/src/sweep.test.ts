import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'vitest'
import { openSeller, type Seller } from './seller.fixture.js'
import { MemoryStore } from './store/index.js'
import { someAccount, termsOf } from './testing/contract/subject.js'

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

describe('sweep', () => {
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
    assert.deepEqual(report, { purchasesFinished: 1, purchasesStillOpen: 100, holdsReleased: 0 })
    assert.equal((await store.purchase(left.purchase.purchaseId))?.status, 'failed')
  })
})
