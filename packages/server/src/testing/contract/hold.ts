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

/** A hold sets units aside once per operation, and never more than there are. */
export function holdTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('hold', () => {
    it('sets the units aside', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(250)
        const held = await store.hold(holdOf(key))
        assert.equal(held.type, 'held')
        assert.equal(held.account.clientId, key.clientId)
        assert.equal(held.account.currency, 'usd')
        assertAccount(held.account, { credited: 250, available: 150, held: 100 })
        assert.deepEqual(await store.account(key), held.account)
      }))

    it('takes the last unit', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        assert.equal((await store.hold(holdOf(key))).type, 'held')
        assert.equal((await store.hold(holdOf(key, { units: 1 }))).type, 'insufficient')
      }))

    it('answers insufficient for an account that nobody has seen', () =>
      withStore(makeStore, async ({ store, key }) => {
        const result = await store.hold(holdOf(key))
        assert.equal(result.type, 'insufficient')
        assertAccount(result.account, {})
        assert.equal((await store.accounts(key.clientId)).length, 0)
      }))

    it('takes nothing again under an id that was released, once credit is short', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(150)
        const released = holdOf(key)
        await store.hold(released)
        await store.release(released)
        assert.equal((await store.hold(holdOf(key))).type, 'held')
        assert.equal((await store.hold(released)).type, 'insufficient')
        assertAccount(await store.account(key), { credited: 150, available: 50, held: 100 })
      }))

    it('does not use the operation id up when credit is short', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(99)
        const request = holdOf(key)
        assert.equal((await store.hold(request)).type, 'insufficient')
        assertAccount(await store.account(key), { credited: 99, available: 99 })
        await credit(1)
        assert.equal((await store.hold({ ...request, fingerprint: 'POST /elsewhere' })).type, 'held')
      }))

    it('counts a run once however often its command arrives', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(10_000)
        // Many rounds: on a real server only some of them meet in the narrow moment between look and write.
        for (let round = 1; round <= 30; round += 1) {
          const request = holdOf(key)
          const results = await Promise.all(Array.from({ length: 12 }, () => store.hold(request)))
          assert.deepEqual([...new Set(results.map(({ type }) => type))], ['held'])
          assertAccount(await store.account(key), { credited: 10_000, available: 9900, held: 100 })
          await store.release(request)
          assertAccount(await store.account(key), { credited: 10_000, available: 10_000 })
        }
      }))

    it('keeps operations of the same id in two accounts apart', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        const other = someAccount()
        const euros = { ...key, currency: 'eur' }
        for (const account of [key, other, euros]) await credit(100, account)
        for (const account of [key, other, euros])
          assert.equal(
            (await store.hold(holdOf(account, { operationId: 'same', runId: 'same' }))).type,
            'held',
          )
      }))

    it('refuses an operation id that stands for something else', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key)
        const other = { ...nextRun(request), fingerprint: 'POST /elsewhere' }
        await store.hold(request)
        assert.equal((await store.hold(other)).type, 'conflict')
        await captureOne(store, request)
        assert.equal((await store.hold(other)).type, 'conflict')
        assertAccount(await store.account(key), { credited: 1000, available: 900, spent: 100 })
      }))

    it('lets a second run join without paying again, and no third', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const first = holdOf(key)
        const second = nextRun(first)
        await store.hold(first)
        const joined = await store.hold(second)
        assert.equal(joined.type, 'held')
        assertAccount(joined.account, { credited: 1000, available: 900, held: 100 })
        assert.equal((await store.hold(nextRun(first))).type, 'conflict')
        assert.equal((await store.hold(second)).type, 'held')
      }))

    it('lets no run join at another price', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const first = holdOf(key)
        await store.hold(first)
        for (const units of [99, 101, 900, 2000])
          assert.equal((await store.hold({ ...nextRun(first), units })).type, 'conflict')
        assertAccount(await store.account(key), { credited: 1000, available: 900, held: 100 })
        assert.equal((await store.hold(nextRun(first))).type, 'held')
      }))

    it('lets a second run join although nothing else is left', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const first = holdOf(key)
        await store.hold(first)
        assert.equal((await store.hold(nextRun(first))).type, 'held')
      }))

    it('never spends one currency for another', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const euros = { ...key, currency: 'eur' }
        assert.equal((await store.hold(holdOf(euros))).type, 'insufficient')
        await credit(100, euros)
        assert.equal((await store.hold(holdOf(euros))).type, 'held')
        assertAccount(await store.account(key), { credited: 1000, available: 1000 })
        assertAccount(await store.account(euros), { credited: 100, held: 100 })
      }))

    it('refuses what is not a whole, exact, positive amount or time', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        for (const units of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
          await assert.rejects(store.hold(holdOf(key, { units })), { code: 'invalid_amount' })
        const noIds = ['', 'a\nb', 'a\0', '\ud83d'].map((operationId) => ({ operationId }))
        for (const changes of [{ holdMs: 0 }, { holdMs: 0.5 }, { rememberMs: -1 }, ...noIds])
          await assert.rejects(store.hold(holdOf(key, changes)), { code: 'invalid_input' })
        await assert.rejects(store.hold(holdOf({ ...key, currency: 'USD' })), { code: 'invalid_input' })
        assertAccount(await store.account(key), { credited: 1000, available: 1000 })
      }))
  })

  describe('release', () => {
    it('gives the units back', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const request = holdOf(key)
        await store.hold(request)
        await store.release(request)
        assertAccount(await store.account(key), { credited: 100, available: 100 })
      }))

    it('gives them back once however often it is called', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(200)
        const request = holdOf(key)
        await store.hold(request)
        await store.hold(holdOf(key))
        await Promise.all(Array.from({ length: 10 }, () => store.release(request)))
        assertAccount(await store.account(key), { credited: 200, available: 100, held: 100 })
      }))

    it('waits for the last run', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const first = holdOf(key)
        const second = nextRun(first)
        await store.hold(first)
        await store.hold(second)
        await store.release(first)
        await store.release(first)
        assertAccount(await store.account(key), { credited: 100, held: 100 })
        await store.release(second)
        assertAccount(await store.account(key), { credited: 100, available: 100 })
      }))

    it('makes room for another run', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const first = holdOf(key)
        await store.hold(first)
        await store.hold(nextRun(first))
        await store.release(first)
        assert.equal((await store.hold(nextRun(first))).type, 'held')
      }))

    it('lets the operation be held again, by the same or another run', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const request = holdOf(key)
        for (const run of [request, request, nextRun(request), nextRun(request), nextRun(request)]) {
          assert.equal((await store.hold(run)).type, 'held')
          assertAccount(await store.account(key), { credited: 100, held: 100 })
          await store.release(run)
        }
        assertAccount(await store.account(key), { credited: 100, available: 100 })
        const other = { ...nextRun(request), fingerprint: 'POST /elsewhere' }
        assert.equal((await store.hold(other)).type, 'conflict')
      }))

    it('lets the operation be held again at another price', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const first = holdOf(key)
        await store.hold(first)
        await store.release(first)
        const dearer = { ...nextRun(first), units: 500 }
        assert.equal((await store.hold(dearer)).type, 'held')
        assert.equal(await captureOne(store, dearer), 'captured')
        assertAccount(await store.account(key), { credited: 1000, available: 500, spent: 500 })
      }))

    it('has no effect on a run that holds nothing', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const request = holdOf(key)
        await store.release(request)
        await store.hold(request)
        await store.release(nextRun(request))
        assertAccount(await store.account(key), { credited: 100, held: 100 })
        await captureOne(store, request)
        await store.release(request)
        assertAccount(await store.account(key), { credited: 100, spent: 100 })
      }))
  })
}
