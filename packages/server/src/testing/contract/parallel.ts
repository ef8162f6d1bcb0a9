import assert from 'node:assert/strict'
import { assertAccount, holdOf, type MakeStore, nextRun, withStore } from './subject.js'
import type { ContractOptions, TestApi } from './test-api.js'

/** Credit is spent exactly, whatever comes at once. */
export function parallelTests(
  { describe, it }: TestApi,
  makeStore: MakeStore,
  { parallelRequests = 10_000 }: ContractOptions,
): void {
  const affordable = parallelRequests / 2
  const copies = parallelRequests / 10

  describe('many at once', () => {
    it(`takes the price once for ${copies} copies of one command`, () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key)
        const same = Array.from({ length: copies }, () => request)
        const results = await Promise.all(same.map((copy) => store.hold(copy)))
        assert.deepEqual([...new Set(results.map(({ type }) => type))], ['held'])
        assertAccount(await store.account(key), { credited: 1000, held: 100, available: 900 })
        const captured = (await Promise.all(same.map((copy) => store.capture([copy])))).flat()
        assert.equal(captured.filter(({ type }) => type === 'captured').length, 1)
        assert.equal(captured.filter(({ type }) => type === 'already_captured').length, copies - 1)
        assertAccount(await store.account(key), { credited: 1000, spent: 100, available: 900 })
      }))

    it(`takes the price once for ${copies} runs of one operation, and lets two of them through`, () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const request = holdOf(key)
        const runs = Array.from({ length: copies }, () => nextRun(request))
        const results = await Promise.all(runs.map((run) => store.hold(run)))
        const held = runs.filter((_, index) => results[index]?.type === 'held')
        assert.equal(held.length, 2)
        assert.equal(results.filter(({ type }) => type === 'conflict').length, copies - 2)
        await store.capture(held)
        assertAccount(await store.account(key), { credited: 1000, spent: 100, available: 900 })
      }))

    it(
      `spends ${affordable} units of credit in exactly ${affordable} of ${parallelRequests} requests`,
      () =>
        withStore(makeStore, async ({ store, key, credit }) => {
          await credit(affordable)
          const requests = Array.from({ length: parallelRequests }, () => holdOf(key, { units: 1 }))
          const results = await Promise.all(requests.map((request) => store.hold(request)))
          const held = requests.filter((_, index) => results[index]?.type === 'held')
          assert.equal(held.length, affordable)
          assert.equal(results.filter(({ type }) => type === 'insufficient').length, affordable)
          const captured = await store.capture(held)
          assert.equal(captured.filter(({ type }) => type === 'captured').length, affordable)
          assertAccount(await store.account(key), { credited: affordable, spent: affordable })
        }),
      300_000,
    )

    it('adds up credits, debits, spends and releases of one account', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(10_000)
        await Promise.all(
          Array.from({ length: 50 }, async (_, index) => {
            const request = holdOf(key)
            await store.hold(request)
            const debit = { ...key, debitId: `re_${index}`, rank: 1, units: 1, freezes: false } as const
            await Promise.all([
              index % 2 ? store.capture([request]) : store.release(request),
              store.debit({ ...debit, reason: 'refund' }),
              credit(10),
            ])
          }),
        )
        assertAccount(await store.account(key), {
          credited: 10_500,
          debited: 50,
          spent: 2500,
          available: 7950,
        })
      }))
  })
}
