import assert from 'node:assert/strict'
import {
  assertAccount,
  captureOne,
  holdOf,
  type MakeStore,
  nextRun,
  someAccount,
  withStore,
} from './subject.js'
import type { TestApi } from './test-api.js'

/** A capture spends what is held, once. */
export function captureTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('capture', () => {
    it('spends what was held', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        assert.equal(await captureOne(store, request), 'captured')
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))

    it('spends once however often it is called', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        const results = await Promise.all(Array.from({ length: 10 }, () => captureOne(store, request)))
        assert.equal(results.filter((type) => type === 'captured').length, 1)
        assert.equal(results.filter((type) => type === 'already_captured').length, 9)
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))

    it('gives back what is not spent', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        assert.equal(await captureOne(store, { ...request, units: 30 }), 'captured')
        assertAccount(await store.account(key), { credited: 250, available: 220, spent: 30 })
        const free = holdOf(key)
        await store.hold(free)
        assert.equal(await captureOne(store, { ...free, units: 0 }), 'captured')
        assertAccount(await store.account(key), { credited: 250, available: 220, spent: 30 })
      }))

    it('never spends more than was held', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        assert.equal(await captureOne(store, { ...request, units: 101 }), 'captured')
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))

    it('spends once for two runs of one operation', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const first = holdOf(key)
        const second = nextRun(first)
        await store.hold(first)
        await store.hold(second)
        assert.equal(await captureOne(store, second), 'captured')
        assert.equal(await captureOne(store, first), 'already_captured')
        await store.release(first)
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))

    it('spends for the run that is left when the other one was released', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const first = holdOf(key)
        const second = nextRun(first)
        await store.hold(first)
        await store.hold(second)
        await store.release(first)
        assert.equal(await captureOne(store, first), 'expired')
        assert.equal(await captureOne(store, second), 'captured')
        assertAccount(await store.account(key), { credited: 100, spent: 100 })
      }))

    it('spends nothing for a hold that is unknown, released or of another run', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        assert.equal(await captureOne(store, request), 'expired')
        await store.hold(request)
        assert.equal(await captureOne(store, nextRun(request)), 'expired')
        await store.release(request)
        assert.equal(await captureOne(store, request), 'expired')
        assertAccount(await store.account(key), { credited: 250, available: 250 })
      }))

    it('answers many in the order of the input', () =>
      withStore(makeStore, async ({ store, credit }) => {
        const accounts = Array.from({ length: 40 }, () => someAccount())
        await Promise.all(accounts.map((account) => credit(1000, account)))
        const requests = Array.from({ length: 5 }, () => accounts.map((account) => holdOf(account))).flat()
        const isHeld = (_: unknown, index: number): boolean => index % 3 !== 0
        await Promise.all(requests.filter(isHeld).map((request) => store.hold(request)))
        const results = await store.capture(requests.flatMap((request) => [request, request]))
        assert.deepEqual(
          results.map(({ type }) => type),
          requests.flatMap((request, index) =>
            isHeld(request, index) ? ['captured', 'already_captured'] : ['expired', 'expired'],
          ),
        )
        const spent = await Promise.all(accounts.map(async (account) => (await store.account(account)).spent))
        assert.equal(
          spent.reduce((sum, units) => sum + units, 0),
          requests.filter(isHeld).length * 100,
        )
      }))

    it('answers an empty list with an empty list', () =>
      withStore(makeStore, async ({ store }) => {
        assert.deepEqual(await store.capture([]), [])
      }))

    it('spends on a frozen account what was held before', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        await store.debit({ ...key, debitId: 'du_1', rank: 1, units: 250, freezes: true, reason: 'dispute' })
        assert.equal(await captureOne(store, request), 'captured')
        assertAccount(await store.account(key), {
          credited: 250,
          debited: 250,
          available: -100,
          spent: 100,
          frozen: true,
        })
      }))

    it('refuses the whole list when one amount is not whole', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        await assert.rejects(store.capture([request, { ...request, units: 0.5 }]), { code: 'invalid_amount' })
        assertAccount(await store.account(key), { credited: 250, available: 150, held: 100 })
      }))
  })
}
