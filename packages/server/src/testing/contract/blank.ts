import assert from 'node:assert/strict'
import { openStore } from '../open-store.js'
import { assertAccount, holdOf, type MakeStore, somePurchaseId, termsOf, withStore } from './subject.js'
import type { TestApi } from './test-api.js'

/** A store that lost its data must not ask anybody to pay again. */
export function blankTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('start and open', () => {
    it('is ready once it was opened, also for the next process, and opening it again changes nothing', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        assert.equal((await store.start()).type, 'ready')
        await credit(500)
        await openStore(store)
        assert.equal((await store.start()).type, 'ready')
        assertAccount(await store.account(key), { credited: 500, available: 500 })
      }))

    it('is blank once it lost its data, and until somebody opens it', () =>
      withStore(makeStore, async ({ store, credit, wipe }) => {
        if (!wipe) return
        await credit(500)
        await wipe()
        assert.equal((await store.start()).type, 'blank')
        assert.equal((await store.start()).type, 'blank')
        await openStore(store)
        assert.equal((await store.start()).type, 'ready')
      }))

    it('are not opened for what was found out about data that are lost since', () =>
      withStore(makeStore, async ({ store, key, credit, wipe }) => {
        if (!wipe) return
        await wipe()
        const first = await store.start()
        assert(first.type === 'blank')
        await wipe()
        await assert.rejects(store.open(first.dataId), { name: 'BlankStoreError' })
        const second = await store.start()
        assert(second.type === 'blank')
        await assert.rejects(store.open(first.dataId), { name: 'BlankStoreError' })
        await credit(500)
        await store.open(second.dataId)
        // Somebody else was faster: nothing is wrong.
        await store.open(second.dataId)
        assert.equal((await store.hold(holdOf(key, { units: 500 }))).type, 'held')
        await wipe()
        await assert.rejects(store.open(second.dataId), { name: 'BlankStoreError' })
        assert.equal((await store.start()).type, 'blank')
      }))

    it('tell of one client whether what is not there never was', () =>
      withStore(makeStore, async ({ store, key: { clientId }, wipe }) => {
        assert.equal(await store.isOpen(clientId), true)
        if (!wipe) return
        await wipe()
        assert.equal(await store.isOpen(clientId), false)
        await openStore(store)
        assert.equal(await store.isOpen(clientId), true)
      }))

    it('neither calls a balance insufficient nor opens a top-up while it is blank', () =>
      withStore(makeStore, async ({ store, key, credit, wipe }) => {
        if (!wipe) return
        await credit(500)
        await wipe()
        const lost = { name: 'BlankStoreError', code: 'store_unavailable' }
        const terms = termsOf(key)
        await assert.rejects(store.hold(holdOf(key)), lost)
        await assert.rejects(store.prepareTopUp(terms, null), lost)
        await assert.rejects(store.prepareTopUp(terms, holdOf(key)), lost)
        assert.equal(await store.purchase(terms.purchaseId), null)
        await openStore(store)
        assert.equal((await store.hold(holdOf(key))).type, 'insufficient')
        assert.equal((await store.prepareTopUp(terms, null)).type, 'prepared')
      }))

    it('takes credits and debits while it is blank, and lets what they leave be spent', () =>
      withStore(makeStore, async ({ store, key, credit, wipe }) => {
        if (!wipe) return
        await wipe()
        await store.debit({ ...key, debitId: 're_1', rank: 1, units: 200, freezes: false, reason: 'refund' })
        const paid = { ...key, paymentIntentId: 'pi_1', units: 400, purchaseId: somePurchaseId() }
        await credit(100)
        await store.credit(paid)
        assert.equal((await store.purchase(paid.purchaseId))?.status, 'credited')
        assertAccount(await store.account(key), { credited: 500, debited: 200, available: 300 })
        assert.equal((await store.hold(holdOf(key, { units: 300 }))).type, 'held')
        await assert.rejects(store.hold(holdOf(key, { units: 1 })), { code: 'store_unavailable' })
        assert.equal((await store.start()).type, 'blank')
      }))
  })
}
