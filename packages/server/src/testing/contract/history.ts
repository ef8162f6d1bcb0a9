import assert from 'node:assert/strict'
import { captureOne, holdOf, type MakeStore, someAccount, withStore } from './subject.js'
import type { ContractOptions, TestApi } from './test-api.js'

/** A person can see what happened to their credit. */
export function historyTests(
  { describe, it }: TestApi,
  makeStore: MakeStore,
  { historyLimit }: ContractOptions,
): void {
  describe('history', () => {
    it('tells what came, was spent and went back, newest first', () =>
      withStore(makeStore, async ({ store, key }) => {
        await store.credit({ ...key, paymentIntentId: 'pi_1', units: 500, purchaseId: null })
        const spent = holdOf(key, { resource: 'GET /api/wetter?stadt=Köln' })
        await store.hold(spent)
        await store.hold(holdOf(key))
        await captureOne(store, { ...spent, units: 60 })
        const refund = { ...key, debitId: 're_1', freezes: false, reason: 'refund' } as const
        await store.debit({ ...refund, rank: 1, units: 200 })
        await store.debit({ ...refund, rank: 2, units: 0 })
        await store.debit({ ...key, debitId: 'du_1', rank: 1, units: 30, freezes: true, reason: 'dispute' })
        const entries = await store.history(key, { limit: 10 })
        assert.deepEqual(
          entries.map(({ kind, units, reference }) => ({ kind, units, reference })),
          [
            { kind: 'dispute', units: -30, reference: 'du_1' },
            { kind: 'refund', units: 200, reference: 're_1' },
            { kind: 'refund', units: -200, reference: 're_1' },
            { kind: 'spend', units: -60, reference: 'GET /api/wetter?stadt=Köln' },
            { kind: 'top_up', units: 500, reference: 'pi_1' },
          ],
        )
        assert.equal(new Set(entries.map(({ id }) => id)).size, 5)
        const times = entries.map(({ atMs }) => atMs)
        assert(times.every(Number.isSafeInteger))
        assert.deepEqual(
          times,
          [...times].sort((one, other) => other - one),
        )
      }))

    it('adds up to what was credited, debited and spent', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(5000)
        for (let spend = 0; spend < 5; spend += 1) {
          const request = holdOf(key, { units: 7 + spend })
          await store.hold(request)
          await captureOne(store, request)
        }
        const entries = await store.history(key, { limit: 10 })
        const account = await store.account(key)
        assert.equal(
          entries.reduce((sum, { units }) => sum + units, 0),
          account.available,
        )
      }))

    it('shows a resource as far as it can be shown', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        for (const resource of ['GET /\0\n\ud83d', `GET /${'😀'.repeat(150)}`]) {
          const request = holdOf(key, { resource })
          await Promise.all([store.hold(request), store.hold(holdOf(key))])
          await captureOne(store, request)
        }
        const [long, strange] = await store.history(key, { limit: 2 })
        assert.equal(strange?.reference, 'GET /\ufffd\ufffd\ufffd')
        assert.equal(long?.reference, `GET /${'😀'.repeat(97)}\ufffd`)
      }))

    it('is empty for an account that nobody has seen', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(5, someAccount())
        assert.deepEqual(await store.history(key, { limit: 10 }), [])
      }))

    it('is read page by page without gap or repetition', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        for (let units = 1; units <= 25; units += 1) await credit(units)
        const units: number[] = []
        let before: string | undefined
        for (let pages = 0; pages < 4; pages += 1) {
          const page = await store.history(key, { limit: 10, before })
          assert.equal(page.length, [10, 10, 5, 0][pages])
          units.push(...page.map((entry) => entry.units))
          before = page.at(-1)?.id ?? before
        }
        assert.deepEqual(
          units,
          Array.from({ length: 25 }, (_, index) => 25 - index),
        )
      }))

    it('shortens a resource of more than 200 characters', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const request = holdOf(key, { resource: `GET /${'x'.repeat(500)}` })
        await store.hold(request)
        await captureOne(store, request)
        const [entry] = await store.history(key, { limit: 1 })
        assert.equal(entry?.reference.length, 200)
      }))

    it('keeps currencies apart', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1)
        await credit(2, { ...key, currency: 'eur' })
        const entries = await store.history(key, { limit: 10 })
        assert.deepEqual(
          entries.map(({ units }) => units),
          [1],
        )
      }))

    if (historyLimit !== undefined)
      it('keeps the newest lines only', () =>
        withStore(makeStore, async ({ store, key, credit }) => {
          const count = historyLimit + 5
          for (let units = 1; units <= count; units += 1) await credit(units)
          const entries = await store.history(key, { limit: 1000 })
          assert.deepEqual(
            entries.map(({ units }) => units),
            Array.from({ length: historyLimit }, (_, index) => count - index),
          )
        }))
  })
}
