import assert from 'node:assert/strict'
import type { AccountKey, Debit, Store } from '../../store.js'
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

/** Refunds and disputes state the whole truth about one Stripe object, in any order. */
export function debitTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('debit', () => {
    it('takes back what a refund returned', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        const result = await store.debit(refund(key, { units: 200 }))
        assert.equal(result.type, 'debited')
        assertAccount(result.account, { credited: 500, debited: 200, available: 300 })
      }))

    it('counts a state once however often it is told', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        const results = await Promise.all(Array.from({ length: 20 }, () => store.debit(refund(key))))
        assert.equal(results.filter(({ type }) => type === 'debited').length, 1)
        assertAccount(await store.account(key), { credited: 500, debited: 100, available: 400 })
        assert.equal((await store.history(key, { limit: 10 })).length, 2)
      }))

    it('lets the higher rank win, whichever comes last', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        await store.debit(refund(key, { rank: 2, units: 0 }))
        assert.equal((await store.debit(refund(key, { rank: 1, units: 100 }))).type, 'unchanged')
        assert.equal((await store.debit(refund(key, { rank: 2, units: 100 }))).type, 'unchanged')
        assertAccount(await store.account(key), { credited: 500, available: 500 })
        assert.equal((await store.debit(refund(key, { rank: 3, units: 100 }))).type, 'debited')
        assertAccount(await store.account(key), { credited: 500, debited: 100, available: 400 })
      }))

    it('gives back what a failed refund did not return', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        await store.debit(refund(key, { rank: 1, units: 500 }))
        await store.debit(refund(key, { rank: 2, units: 0 }))
        assertAccount(await store.account(key), { credited: 500, available: 500 })
      }))

    it('freezes an account below zero until it is repaid', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        await store.debit(refund(key, { units: 501 }))
        const held = await store.hold(holdOf(key, { units: 1 }))
        assert.equal(held.type, 'frozen')
        assertAccount(held.account, { credited: 500, debited: 501, available: -1, frozen: true })
        await credit(101)
        assert.equal((await store.hold(holdOf(key, { units: 100 }))).type, 'held')
      }))

    it('freezes an account while a dispute is open', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        const opened = await store.debit(dispute(key, { rank: 1, units: 0, freezes: true }))
        assertAccount(opened.account, { credited: 500, available: 500, frozen: true })
        assert.equal((await store.hold(holdOf(key))).type, 'frozen')
        await store.debit(dispute(key, { debitId: 'du_2', rank: 1, units: 100, freezes: true }))
        await store.debit(dispute(key, { rank: 2, units: 0, freezes: false }))
        assert.equal((await store.hold(holdOf(key))).type, 'frozen')
        await store.debit(dispute(key, { debitId: 'du_2', rank: 2, units: 100, freezes: false }))
        assert.equal((await store.hold(holdOf(key))).type, 'held')
      }))

    it('ends the hold that kept its units, so that nobody sees the account in debt meanwhile', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        const hold = holdOf(key, { units: 400 })
        await store.hold(hold)
        const debit = refund(key, { units: 400, hold })
        const [result, ...spends] = await Promise.all([
          store.debit(debit),
          ...Array.from({ length: 50 }, () => store.hold(holdOf(key, { units: 1 }))),
        ])
        assert.equal(result.type, 'debited')
        assert.deepEqual(new Set(spends.map(({ type }) => type)), new Set(['held']))
        assert.equal((await store.debit(debit)).type, 'unchanged')
        assertAccount(await store.account(key), { credited: 500, debited: 400, available: 50, held: 50 })
        assert.equal(await captureOne(store, hold), 'expired')
      }))

    it('ends the hold of a state that it knows, and of one without effect', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1000)
        const [known, failed] = [holdOf(key, { units: 400 }), holdOf(key, { units: 100 })]
        await store.hold(known)
        await store.hold(failed)
        await store.debit(refund(key, { units: 400 }))
        const again = await store.debit(refund(key, { units: 400, hold: known }))
        assert.equal(again.type, 'unchanged')
        assertAccount(again.account, { credited: 1000, debited: 400, available: 500, held: 100 })
        const result = await store.debit(refund(key, { debitId: 're_2', units: 0, hold: failed }))
        assertAccount(result.account, { credited: 1000, debited: 400, available: 600 })
      }))

    it('ends one run of a hold, and debits where nothing is held any more', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        const hold = holdOf(key)
        const other = nextRun(hold)
        await store.hold(hold)
        await store.hold(other)
        const debit = (debitId: string): Debit => refund(key, { debitId, hold })
        assertAccount((await store.debit(debit('re_1'))).account, {
          credited: 500,
          debited: 100,
          available: 300,
          held: 100,
        })
        await store.debit(debit('re_2'))
        await store.debit(refund(key, { debitId: 're_3', hold: holdOf(key) }))
        assertAccount(await store.account(key), { credited: 500, debited: 300, available: 100, held: 100 })
        await store.release(other)
        assertAccount(await store.account(key), { credited: 500, debited: 300, available: 200 })
      }))

    it('tells a dispute from a debt, also where there are both', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        const states = async (): Promise<[boolean, boolean]> => {
          const { frozen, disputed } = await store.account(key)
          return [frozen, disputed]
        }
        await credit(500)
        assert.deepEqual(await states(), [false, false])
        await store.debit(dispute(key, { rank: 1, units: 600, freezes: true }))
        assert.deepEqual(await states(), [true, true])
        await store.debit(dispute(key, { rank: 2, units: 600, freezes: false }))
        assert.deepEqual(await states(), [true, false])
        await credit(100)
        assert.deepEqual(await states(), [false, false])
      }))

    it('freezes one currency only', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        const euros = { ...key, currency: 'eur' }
        await credit(500)
        await credit(500, euros)
        await store.debit(dispute(key, { freezes: true }))
        assert.equal((await store.hold(holdOf(euros))).type, 'held')
      }))

    it('creates an account that nobody has seen', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        const result = await store.debit(refund(key))
        assertAccount(result.account, { debited: 100, available: -100, frozen: true })
        assert.equal((await store.accounts(key.clientId)).length, 1)
        assertAccount(await credit(100), { credited: 100, debited: 100 })
      }))

    it(
      'comes to one balance in all 720 orders of six events',
      () =>
        withStore(makeStore, async ({ store }) => {
          const events = sixEvents(store)
          const accounts = await Promise.all(
            permutations([0, 1, 2, 3, 4, 5]).map(async (order) => {
              const key = someAccount()
              for (const index of order) await events[index]?.(key)
              return store.account(key)
            }),
          )
          assert.equal(accounts.length, 720)
          for (const account of accounts)
            assertAccount(account, { credited: 50_000, debited: 20_000, available: 30_000, frozen: true })
        }),
      120_000,
    )

    it('refuses what would pass 2^53 - 1, and negative amounts', () =>
      withStore(makeStore, async ({ store, key }) => {
        const most = Number.MAX_SAFE_INTEGER
        await store.debit(refund(key, { debitId: 're_1', units: most }))
        await assert.rejects(store.debit(refund(key, { debitId: 're_2', units: 1 })), {
          code: 'invalid_amount',
        })
        await assert.rejects(store.debit(refund(key, { debitId: 're_2', units: -1 })), {
          code: 'invalid_amount',
        })
        assertAccount(await store.account(key), { debited: most, available: -most, frozen: true })
      }))
  })
}

function refund(key: AccountKey, changes: Partial<Debit> = {}): Debit {
  return { ...key, debitId: 're_1', rank: 1, units: 100, freezes: false, reason: 'refund', ...changes }
}

function dispute(key: AccountKey, changes: Partial<Debit> = {}): Debit {
  return { ...refund(key), debitId: 'du_1', reason: 'dispute', ...changes }
}

function sixEvents(store: Store): ((key: AccountKey) => Promise<unknown>)[] {
  return [
    (key) => store.credit({ ...key, paymentIntentId: `pi_${key.clientId}`, units: 50_000, purchaseId: null }),
    (key) => store.debit(refund(key, { rank: 1, units: 10_000 })),
    (key) => store.debit(refund(key, { rank: 2, units: 0 })),
    (key) => store.debit(dispute(key, { rank: 1, units: 0, freezes: true })),
    (key) => store.debit(dispute(key, { rank: 2, units: 50_000, freezes: true })),
    (key) => store.debit(dispute(key, { rank: 3, units: 20_000, freezes: true })),
  ]
}

function permutations(items: number[]): number[][] {
  if (items.length <= 1) return [items]
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  )
}
