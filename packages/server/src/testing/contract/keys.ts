import assert from 'node:assert/strict'
import {
  assertAccount,
  captureOne,
  holdOf,
  type MakeStore,
  nextRun,
  someAccount,
  termsOf,
  withStore,
} from './subject.js'
import type { TestApi } from './test-api.js'

/** Keys of devices, and what an account with one wants to see. */
export function keyTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('bindKey', () => {
    it('begins the first era and keeps it for further keys', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        assert.deepEqual(await store.keys(key), { era: 0, thumbprints: [] })
        assert.equal(await store.bindKey(key, 'one'), 1)
        assert.equal(await store.bindKey(key, 'two'), 1)
        assert.equal(await store.bindKey(key, 'one'), 1)
        assert.deepEqual(await store.keys(key), { era: 1, thumbprints: ['two', 'one'] })
        assert.deepEqual(await store.keys({ ...key, currency: 'eur' }), { era: 0, thumbprints: [] })
        assertAccount(await store.account(key), { credited: 100, available: 100 })
      }))

    it('lets the oldest of more than 20 go', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        for (let at = 0; at < 22; at += 1) await store.bindKey(key, `key-${at}`)
        const { thumbprints } = await store.keys(key)
        assert.deepEqual(
          thumbprints,
          Array.from({ length: 20 }, (_, at) => `key-${at + 2}`),
        )
      }))

    it('refuses what is no key', () =>
      withStore(makeStore, async ({ store, key }) => {
        await assert.rejects(store.bindKey(key, ''))
        await assert.rejects(store.bindKey(key, 'a\nb'))
      }))
  })

  describe('signOut', () => {
    it('begins a new era without keys, also where none was bound', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        await store.bindKey(key, 'one')
        await store.signOut(key)
        assert.deepEqual(await store.keys(key), { era: 2, thumbprints: [] })
        assert.equal(await store.bindKey(key, 'two'), 2)
        const unbound = someAccount()
        await store.signOut(unbound)
        assert.deepEqual(await store.keys(unbound), { era: 1, thumbprints: [] })
      }))
  })

  describe('hold with an era', () => {
    it('takes from an account of that era only, and writes nothing otherwise', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const typeOf = async (era?: number): Promise<string> => (await store.hold(holdOf(key, { era }))).type
        assert.equal(await typeOf(0), 'held')
        assert.equal(await typeOf(1), 'unproven')
        await store.bindKey(key, 'one')
        assert.equal(await typeOf(0), 'unproven')
        assert.equal(await typeOf(1), 'held')
        await store.signOut(key)
        assert.equal(await typeOf(1), 'unproven')
        assert.equal(await typeOf(2), 'held')
        assert.equal(await typeOf(), 'held')
        assertAccount(await store.account(key), { credited: 1000, available: 600, held: 400 })
      }))

    it('does not say what an account of another era has', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(10)
        await store.bindKey(key, 'one')
        const debit = {
          ...key,
          debitId: 'du_1',
          rank: 1,
          units: 0,
          freezes: true,
          reason: 'dispute' as const,
        }
        assert.equal((await store.hold(holdOf(key, { era: 0 }))).type, 'unproven')
        await store.debit(debit)
        assert.equal((await store.hold(holdOf(key, { era: 0 }))).type, 'unproven')
        assert.equal((await store.hold(holdOf(key, { era: 1 }))).type, 'frozen')
      }))

    it('opens no access to another era', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const access = { resource: 'digest-of-article-42', durationMs: 600_000 }
        const paid = holdOf(key, { access })
        await store.hold(paid)
        await store.capture([{ ...key, operationId: paid.operationId, runId: paid.runId, units: 100 }])
        await store.bindKey(key, 'one')
        assert.equal((await store.hold(holdOf(key, { access, era: 0 }))).type, 'unproven')
        assert.equal((await store.hold(holdOf(key, { access, era: 1 }))).type, 'admitted')
      }))

    it('gives a run that comes again after a sign-out its answer, and no other run', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const paid = holdOf(key, { era: 0 })
        const held = holdOf(key, { era: 0 })
        await store.hold(paid)
        await store.hold(held)
        await captureOne(store, paid)
        await store.signOut(key)
        assert.equal((await store.hold(held)).type, 'held')
        assert.equal((await store.hold(paid)).type, 'admitted')
        assert.equal((await store.hold(nextRun(held))).type, 'unproven')
        assert.equal((await store.hold(nextRun(paid))).type, 'unproven')
        assertAccount(await store.account(key), { credited: 1000, available: 800, held: 100, spent: 100 })
      }))

    it('does not say in another era what an id stands for', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key, { era: 0 })
        await store.hold(request)
        await store.signOut(key)
        const other = { ...request, fingerprint: 'GET /api/other' }
        assert.equal((await store.hold(other)).type, 'unproven')
        assert.equal((await store.hold({ ...other, era: 1 })).type, 'conflict')
      }))

    it('takes nothing in another era where a top-up was asked for', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const held = holdOf(key, { era: 0 })
        await store.hold(held)
        await store.signOut(key)
        const open = await store.prepareTopUp(termsOf(key), holdOf(key, { era: 0 }))
        assert.equal(open.type, 'prepared')
        assert.equal((await store.prepareTopUp(termsOf(key), nextRun(held))).type, 'busy')
        assert.equal((await store.prepareTopUp(termsOf(key), held)).type, 'sufficient')
        assert.equal((await store.prepareTopUp(termsOf(key), holdOf(key, { era: 1 }))).type, 'sufficient')
        assertAccount(await store.account(key), { credited: 1000, available: 800, held: 200 })
      }))

    it('is of the first era where there is no account', () =>
      withStore(makeStore, async ({ store, key }) => {
        assert.equal((await store.hold(holdOf(key, { era: 1 }))).type, 'unproven')
        assert.equal((await store.hold(holdOf(key, { era: 0 }))).type, 'insufficient')
      }))
  })
}
