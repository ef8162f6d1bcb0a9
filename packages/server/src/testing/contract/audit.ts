import assert from 'node:assert/strict'
import type { AccountKey, AuditedAccount } from '../../store.js'
import { captureOne, holdOf, type MakeStore, someAccount, termsOf, withStore } from './subject.js'
import type { ContractOptions, TestApi } from './test-api.js'

/** An audit adds everything up. */
export function auditTests(
  { describe, it }: TestApi,
  makeStore: MakeStore,
  { corrupt }: ContractOptions,
): void {
  describe('audit', () => {
    it('finds an empty store sound', () =>
      withStore(makeStore, async ({ store }) => {
        assert.deepEqual(await store.audit(), { accounts: 0, totals: {}, breaks: [] })
      }))

    it('adds up every account by currency', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        const other = someAccount()
        const euros = { ...key, currency: 'eur' }
        await credit(1000)
        await credit(500, other)
        await credit(70, euros)
        const spent = holdOf(key)
        await store.hold(spent)
        await captureOne(store, spent)
        await store.hold(holdOf(key))
        await store.hold(holdOf(other, { units: 50 }))
        await store.debit({
          ...other,
          debitId: 're_1',
          rank: 1,
          units: 600,
          freezes: false,
          reason: 'refund',
        })
        await store.prepareTopUp(termsOf(someAccount()), null)
        const seen: AuditedAccount[] = []
        const report = await store.audit((account) => seen.push(account))
        assert.deepEqual(report, {
          accounts: 3,
          totals: {
            usd: { credited: 1500, available: 650, held: 150, spent: 100, debited: 600 },
            eur: { credited: 70, available: 70, held: 0, spent: 0, debited: 0 },
          },
          breaks: [],
        })
        const sumsOf = async (account: AccountKey): Promise<AuditedAccount> => {
          const { frozen: _frozen, disputed: _disputed, ...sums } = await store.account(account)
          return { ...sums, overdueMs: 0 }
        }
        const byName = (accounts: AuditedAccount[]): AuditedAccount[] =>
          accounts.sort((one, two) => (one.clientId + one.currency < two.clientId + two.currency ? -1 : 1))
        assert.deepEqual(byName(seen), byName(await Promise.all([key, other, euros].map(sumsOf))))
      }))

    it('shows how long a hold has been overdue', () =>
      withStore(makeStore, async ({ store, key, credit, pass, briefMs }) => {
        await credit(1000)
        await credit(1000, someAccount())
        await store.hold(holdOf(key, { holdMs: 1 }))
        await store.hold(holdOf(key))
        await pass(briefMs)
        const overdue = new Map<string, number>()
        await store.audit(({ clientId, overdueMs }) => overdue.set(clientId, overdueMs))
        assert((overdue.get(key.clientId) ?? 0) >= briefMs - 1)
        assert.deepEqual([...overdue.values()].sort()[0], 0)
        await store.releaseExpired(10)
        await store.audit(({ overdueMs }) => assert.equal(overdueMs, 0))
      }))

    it('is sound in the middle of traffic', () =>
      withStore(makeStore, async ({ store, credit }) => {
        const accounts = Array.from({ length: 20 }, () => someAccount())
        const traffic = accounts.map(async (account) => {
          await credit(1000, account)
          for (let spend = 0; spend < 10; spend += 1) {
            const request = holdOf(account)
            await store.hold(request)
            if (spend % 2) await captureOne(store, request)
            else await store.release(request)
          }
        })
        for (let look = 0; look < 10; look += 1) assert.deepEqual((await store.audit()).breaks, [])
        await Promise.all(traffic)
        assert.equal((await store.audit()).totals.usd?.spent, 20 * 5 * 100)
      }))

    if (corrupt)
      it('names an account whose sums do not add up', () =>
        withStore(
          makeStore,
          async ({ store, key, credit }) => {
            await credit(1000)
            await credit(1000, someAccount())
            await corrupt(store, key)
            const { breaks } = await store.audit()
            assert.deepEqual(
              breaks.map(({ rule, account }) => ({ rule, account })),
              [{ rule: 'conservation', account: key }],
            )
          },
          { isSoundAfterwards: false },
        ))
  })
}
