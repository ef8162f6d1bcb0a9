import assert from 'node:assert/strict'
import { openStore } from '../open-store.js'
import { type MakeStore, someAccount, termsOf, withStore } from './subject.js'
import type { TestApi } from './test-api.js'

/** What is known of a client, and when it was last compared with Stripe. */
export function accountsTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('accounts', () => {
    it('lists what a client has, by currency, and nobody else', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        await credit(70, { ...key, currency: 'eur' })
        await credit(9, someAccount())
        await store.debit({ ...key, debitId: 're_1', rank: 1, units: 200, freezes: false, reason: 'refund' })
        const accounts = await store.accounts(key.clientId)
        assert.deepEqual(accounts, [
          await store.account({ ...key, currency: 'eur' }),
          await store.account(key),
        ])
        assert.deepEqual(
          accounts.map(({ currency, available }) => [currency, available]),
          [
            ['eur', 70],
            ['usd', 300],
          ],
        )
      }))

    it('lists nothing for a client whose money never moved', () =>
      withStore(makeStore, async ({ store, key }) => {
        await store.prepareTopUp(termsOf(key), null)
        assert.deepEqual(await store.accounts(key.clientId), [])
      }))
  })

  describe('payments', () => {
    it('names every PaymentIntent that an account was credited for, once', () =>
      withStore(makeStore, async ({ store, key }) => {
        const euros = { ...key, currency: 'eur' }
        for (const paymentIntentId of ['pi_1', 'pi_2', 'pi_1'])
          await store.credit({ ...key, paymentIntentId, units: 100, purchaseId: null })
        await store.credit({ ...euros, paymentIntentId: 'pi_3', units: 100, purchaseId: null })
        assert.deepEqual((await store.payments(key)).sort(), ['pi_1', 'pi_2'])
        assert.deepEqual(await store.payments(euros), ['pi_3'])
        assert.deepEqual(await store.payments(someAccount()), [])
      }))
  })

  describe('markReconciled', () => {
    it('remembers the latest run, whichever ends last, until the data are lost', () =>
      withStore(makeStore, async ({ store, wipe }) => {
        assert.equal(await store.reconciledAt(), null)
        await store.markReconciled(1_700_000_000_000)
        await store.markReconciled(1_600_000_000_000)
        assert.equal(await store.reconciledAt(), 1_700_000_000_000)
        await openStore(store)
        assert.equal(await store.reconciledAt(), 1_700_000_000_000)
        if (!wipe) return
        await wipe()
        assert.equal(await store.reconciledAt(), null)
      }))

    it('refuses what is no moment', () =>
      withStore(makeStore, async ({ store }) => {
        for (const atMs of [-1, 0.5, Number.NaN])
          await assert.rejects(store.markReconciled(atMs), { code: 'invalid_input' })
        assert.equal(await store.reconciledAt(), null)
      }))
  })
}
