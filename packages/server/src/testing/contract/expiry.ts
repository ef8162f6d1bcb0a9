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

const BRIEF_MS = 30

/** A hold that is never captured returns to its payer. */
export function expiryTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('a hold that ran out', () => {
    it('is released by releaseExpired, and no other', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        const other = someAccount()
        await credit(1000)
        await credit(1000, other)
        const kept = holdOf(key)
        await store.hold(kept)
        await store.hold(holdOf(key, { holdMs: BRIEF_MS }))
        await store.hold(holdOf(other, { holdMs: BRIEF_MS, units: 300 }))
        await pass(BRIEF_MS + 1)
        assert.equal(await store.releaseExpired(100), 2)
        assert.equal(await store.releaseExpired(100), 0)
        assertAccount(await store.account(key), { credited: 1000, available: 900, held: 100 })
        assertAccount(await store.account(other), { credited: 1000, available: 1000 })
        assert.equal(await captureOne(store, kept), 'captured')
      }))

    it('is released in portions', () =>
      withStore(makeStore, async ({ store, credit, pass }) => {
        const accounts = Array.from({ length: 7 }, () => someAccount())
        for (const account of accounts) {
          await credit(100, account)
          await store.hold(holdOf(account, { holdMs: BRIEF_MS }))
        }
        await pass(BRIEF_MS + 1)
        assert.deepEqual(
          [await store.releaseExpired(3), await store.releaseExpired(3), await store.releaseExpired(3)],
          [3, 3, 1],
        )
        for (const account of accounts)
          assertAccount(await store.account(account), { credited: 100, available: 100 })
      }))

    it('can no longer be captured', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(100)
        const request = holdOf(key, { holdMs: BRIEF_MS })
        await store.hold(request)
        await pass(BRIEF_MS + 1)
        assert.equal(await captureOne(store, request), 'expired')
        assert.equal(await captureOne(store, request), 'expired')
        assertAccount(await store.account(key), { credited: 100, available: 100 })
        assert.equal(await store.releaseExpired(10), 0)
      }))

    it('does not stand in the way of another operation', () =>
      withStore(makeStore, async ({ store, key, credit, pass, briefMs }) => {
        await credit(100)
        await store.hold(holdOf(key, { holdMs: briefMs }))
        assert.equal((await store.hold(holdOf(key))).type, 'insufficient')
        await pass(briefMs + 1)
        assert.equal((await store.hold(holdOf(key))).type, 'held')
        assertAccount(await store.account(key), { credited: 100, held: 100 })
      }))

    it('can be held again, and the run that ran out cannot capture that', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(100)
        const late = holdOf(key, { holdMs: BRIEF_MS })
        await store.hold(late)
        await pass(BRIEF_MS + 1)
        const again = nextRun({ ...late, holdMs: 600_000 })
        assert.equal((await store.hold(again)).type, 'held')
        assert.equal(await captureOne(store, late), 'expired')
        await store.release(late)
        assertAccount(await store.account(key), { credited: 100, held: 100 })
        assert.equal(await captureOne(store, again), 'captured')
      }))

    it('can be held again by the run that ran out, which captures it then', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(100)
        const late = holdOf(key, { holdMs: BRIEF_MS, rememberMs: 600_000 })
        await store.hold(late)
        await pass(BRIEF_MS + 20)
        await store.releaseExpired(10)
        assert.equal((await store.hold({ ...late, holdMs: 600_000 })).type, 'held')
        assert.equal(await captureOne(store, late), 'captured')
        assert.equal(await captureOne(store, late), 'already_captured')
        assertAccount(await store.account(key), { credited: 100, spent: 100 })
      }))

    it('has nothing left to release', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(100)
        const request = holdOf(key, { holdMs: BRIEF_MS })
        await store.hold(request)
        await pass(BRIEF_MS + 1)
        await store.release(request)
        await store.release(request)
        assertAccount(await store.account(key), { credited: 100, available: 100 })
        assert.equal(await store.releaseExpired(10), 0)
      }))

    it('lasts as long as the longest of its runs', () =>
      withStore(makeStore, async ({ store, key, credit, pass, briefMs }) => {
        await credit(100)
        const first = holdOf(key, { holdMs: briefMs })
        await store.hold(first)
        await store.hold(nextRun({ ...first, holdMs: 600_000 }))
        await pass(briefMs + 1)
        assert.equal(await store.releaseExpired(10), 0)
        assert.equal(await captureOne(store, first), 'captured')
      }))

    it('is released however briefly its id was to be remembered', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(100)
        await store.hold(holdOf(key, { holdMs: BRIEF_MS, rememberMs: 1 }))
        await pass(BRIEF_MS + 20)
        assert.equal(await store.releaseExpired(10), 1)
        assertAccount(await store.account(key), { credited: 100, available: 100 })
      }))
  })
}
