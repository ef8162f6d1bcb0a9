import assert from 'node:assert/strict'
import { assertAccount, captureOne, holdOf, type MakeStore, someAccount, withStore } from './subject.js'
import type { TestApi } from './test-api.js'

const access = { resource: 'digest-of-article-42', durationMs: 600_000 }

/** A paid resource can stay open for its payer. */
export function accessTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('access', () => {
    it('opens when the price is captured, not when it is held', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key, { access })
        await store.hold(request)
        const meanwhile = holdOf(key, { access })
        assert.equal((await store.hold(meanwhile)).type, 'held')
        await store.release(meanwhile)
        await captureOne(store, request)
        const again = await store.hold(holdOf(key, { access }))
        assert(again.type === 'admitted')
        assert.equal(again.reason, 'access')
        assertAccount(again.account, { credited: 1000, available: 900, spent: 100 })
      }))

    it('stays shut after a release', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key, { access })
        await store.hold(request)
        await store.release(request)
        assert.equal((await store.hold(holdOf(key, { access }))).type, 'held')
      }))

    it('admits again and again, without credit and without using ids up', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const request = holdOf(key, { access })
        await store.hold(request)
        await captureOne(store, request)
        const id = holdOf(key, { access })
        for (let visit = 0; visit < 5; visit += 1) assert.equal((await store.hold(id)).type, 'admitted')
        await credit(100)
        assert.equal(
          (await store.hold({ ...id, fingerprint: 'POST /elsewhere', access: undefined })).type,
          'held',
        )
      }))

    it('admits only to that resource and only that account', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const request = holdOf(key, { access })
        await store.hold(request)
        await captureOne(store, request)
        const elsewhere = { ...access, resource: 'digest-of-article-43' }
        assert.equal((await store.hold(holdOf(key, { access: elsewhere }))).type, 'insufficient')
        assert.equal((await store.hold(holdOf(key))).type, 'insufficient')
        assert.equal((await store.hold(holdOf(someAccount(), { access }))).type, 'insufficient')
        assert.equal((await store.hold(holdOf({ ...key, currency: 'eur' }, { access }))).type, 'insufficient')
      }))

    it('admits to what costs no more than was paid', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key, { access })
        await store.hold(request)
        await captureOne(store, request)
        assert.equal((await store.hold(holdOf(key, { access, units: 99 }))).type, 'admitted')
        const dearer = holdOf(key, { access, units: 101 })
        const beyond = holdOf(key, { access, units: 901 })
        assert.equal((await store.hold(beyond)).type, 'insufficient')
        assert.equal((await store.hold(dearer)).type, 'held')
        await captureOne(store, dearer)
        assert.equal((await store.hold(holdOf(key, { access, units: 101 }))).type, 'admitted')
      }))

    it('admits at its price where less of it was spent', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key, { access })
        await store.hold(request)
        await captureOne(store, { ...request, units: 30 })
        assert.equal((await store.hold(holdOf(key, { access }))).type, 'admitted')
      }))

    it('to a dear resource is not made longer by a cheap price, nor the other way round', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(1000)
        const cheap = holdOf(key, { access })
        const dear = holdOf(key, { access: { ...access, durationMs: 50 }, units: 500 })
        await store.hold(cheap)
        await store.hold(dear)
        await captureOne(store, dear)
        await captureOne(store, cheap)
        await pass(51)
        assert.equal((await store.hold(holdOf(key, { access, units: 101 }))).type, 'held')
        assert.equal((await store.hold(holdOf(key, { access }))).type, 'admitted')
      }))

    it('ends', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(1000)
        const brief = { ...access, durationMs: 50 }
        const request = holdOf(key, { access: brief })
        await store.hold(request)
        await captureOne(store, request)
        await pass(51)
        assert.equal((await store.hold(holdOf(key, { access: brief }))).type, 'held')
      }))

    it('is not cut short by a later, briefer price', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(1000)
        const long = holdOf(key, { access })
        const brief = holdOf(key, { access: { ...access, durationMs: 1 } })
        await store.hold(long)
        await store.hold(brief)
        await captureOne(store, long)
        await captureOne(store, brief)
        await pass(2)
        assert.equal((await store.hold(holdOf(key, { access }))).type, 'admitted')
      }))

    it('stays shut while the account is frozen', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key, { access })
        await store.hold(request)
        await captureOne(store, request)
        await store.debit({ ...key, debitId: 'du_1', rank: 1, units: 0, freezes: true, reason: 'dispute' })
        assert.equal((await store.hold(holdOf(key, { access }))).type, 'frozen')
      }))
  })
}
