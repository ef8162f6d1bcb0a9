import assert from 'node:assert/strict'
import { assertAccount, captureOne, holdOf, type MakeStore, nextRun, withStore } from './subject.js'
import type { TestApi } from './test-api.js'

/** A request that was paid for may run once more under its id, and is then forgotten. */
export function replayTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('a captured operation', () => {
    it('is admitted once more without paying again', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        const replay = await store.hold(nextRun(request))
        assert(replay.type === 'admitted')
        assert.equal(replay.reason, 'replay')
        assertAccount(replay.account, { credited: 250, available: 150, spent: 100 })
        assert.equal((await store.hold(nextRun(request))).type, 'conflict')
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))

    it('is admitted although nothing is left', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        assert.equal((await store.hold(nextRun(request))).type, 'admitted')
      }))

    it('is not admitted again for what costs more', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        for (const units of [101, 900, 2000])
          assert.equal((await store.hold({ ...nextRun(request), units })).type, 'conflict')
        assertAccount(await store.account(key), { credited: 1000, available: 900, spent: 100 })
        // Nor did that use up its second run.
        assert.equal((await store.hold(nextRun(request))).type, 'admitted')
      }))

    it('is admitted again for what costs less by now', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        assert.equal((await store.hold({ ...nextRun(request), units: 99 })).type, 'admitted')
        assertAccount(await store.account(key), { credited: 1000, available: 900, spent: 100 })
      }))

    it('is admitted again at its price where less of it was spent', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, { ...request, units: 30 })
        assert.equal((await store.hold(nextRun(request))).type, 'admitted')
        assertAccount(await store.account(key), { credited: 1000, available: 970, spent: 30 })
      }))

    it('admits one run however often its command arrives', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        const replay = nextRun(request)
        const results = await Promise.all(Array.from({ length: 5 }, () => store.hold(replay)))
        assert.deepEqual([...new Set(results.map(({ type }) => type))], ['admitted'])
      }))

    it('admits one of many runs that come at once', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        const results = await Promise.all(Array.from({ length: 10 }, () => store.hold(nextRun(request))))
        assert.equal(results.filter(({ type }) => type === 'admitted').length, 1)
        assert.equal(results.filter(({ type }) => type === 'conflict').length, 9)
      }))

    it('admits no third run after two that were held together', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const first = holdOf(key)
        const second = nextRun(first)
        await store.hold(first)
        await store.hold(second)
        await captureOne(store, first)
        assert.equal((await store.hold(nextRun(first))).type, 'conflict')
      }))

    it('takes nothing when the second run is captured', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        const replay = nextRun(request)
        await store.hold(request)
        await captureOne(store, request)
        await store.hold(replay)
        assert.equal(await captureOne(store, replay), 'already_captured')
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
        assert.equal((await store.hold(nextRun(request))).type, 'conflict')
      }))

    it('leaves the place of a second run that was released to another one', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        for (const replay of [nextRun(request), nextRun(request), nextRun(request)]) {
          assert.equal((await store.hold(replay)).type, 'admitted')
          await store.release(replay)
          // As a client library may send it again.
          await store.release(replay)
        }
        assert.equal((await store.hold(nextRun(request))).type, 'admitted')
        assert.equal((await store.hold(nextRun(request))).type, 'conflict')
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))

    it('stays paid, and keeps the place of the run that paid, when that one is released', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const request = holdOf(key)
        await store.hold(request)
        await captureOne(store, request)
        await store.release(request)
        assert.equal((await store.hold(nextRun(request))).type, 'admitted')
        assert.equal((await store.hold(nextRun(request))).type, 'conflict')
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))

    it('is remembered no longer for a run that was released', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(250)
        const request = holdOf(key, { rememberMs: 50 })
        await store.hold(request)
        await captureOne(store, request)
        const replay = nextRun(request)
        await store.hold(replay)
        await store.release(replay)
        await pass(51)
        assert.equal((await store.hold({ ...nextRun(request), fingerprint: 'POST /elsewhere' })).type, 'held')
        assertAccount(await store.account(key), { credited: 250, available: 50, held: 100, spent: 100 })
      }))

    it('is a new operation once it is forgotten', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(250)
        const request = holdOf(key, { rememberMs: 50 })
        await store.hold(request)
        await captureOne(store, request)
        await pass(51)
        assert.equal((await store.hold({ ...nextRun(request), fingerprint: 'POST /elsewhere' })).type, 'held')
        assertAccount(await store.account(key), { credited: 250, available: 50, held: 100, spent: 100 })
      }))

    it('is not forgotten while it is held', () =>
      withStore(makeStore, async ({ store, key, credit, pass }) => {
        await credit(250)
        const request = holdOf(key, { rememberMs: 1 })
        await store.hold(request)
        await pass(20)
        assert.equal((await store.hold(request)).type, 'held')
        assert.equal(await captureOne(store, request), 'captured')
        assertAccount(await store.account(key), { credited: 250, available: 150, spent: 100 })
      }))
  })
}
