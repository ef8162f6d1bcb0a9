import assert from 'node:assert/strict'
import {
  assertAccount,
  holdOf,
  type MakeStore,
  someAccount,
  somePurchaseId,
  termsOf,
  withStore,
} from './subject.js'
import type { TestApi } from './test-api.js'

/** Credit comes into being once per PaymentIntent. */
export function creditTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('credit', () => {
    it('creates an account that nobody has seen', () =>
      withStore(makeStore, async ({ store, key }) => {
        assert.equal((await store.accounts(key.clientId)).length, 0)
        const result = await store.credit({ ...key, paymentIntentId: 'pi_1', units: 500, purchaseId: null })
        assert.equal(result.type, 'credited')
        assertAccount(result.account, { credited: 500, available: 500 })
        assert.deepEqual(await store.account(key), result.account)
        assert.equal((await store.accounts(key.clientId)).length, 1)
        assert.equal((await store.accounts(someAccount().clientId)).length, 0)
      }))

    it('credits a PaymentIntent once however often it is told', () =>
      withStore(makeStore, async ({ store, key }) => {
        const paid = { ...key, paymentIntentId: 'pi_1', units: 500, purchaseId: somePurchaseId() }
        const results = await Promise.all(Array.from({ length: 20 }, () => store.credit(paid)))
        assert.equal(results.filter(({ type }) => type === 'credited').length, 1)
        for (const { account } of results) assertAccount(account, { credited: 500, available: 500 })
        assert.equal((await store.history(key, { limit: 10 })).length, 1)
      }))

    it('credits two PaymentIntents of one purchase', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchaseId = somePurchaseId()
        await store.credit({ ...key, paymentIntentId: 'pi_1', units: 500, purchaseId })
        const second = await store.credit({ ...key, paymentIntentId: 'pi_2', units: 500, purchaseId })
        assert.equal(second.type, 'credited')
        assertAccount(second.account, { credited: 1000, available: 1000 })
      }))

    it('closes its purchase, also when the PaymentIntent was not saved', () =>
      withStore(makeStore, async ({ store }) => {
        for (const isSaved of [true, false]) {
          const key = someAccount()
          const opened = await store.prepareTopUp(termsOf(key), null)
          assert(opened.type === 'prepared')
          const paymentIntentId = `pi_${key.clientId}`
          if (isSaved) await store.saveIntent(opened.purchase, paymentIntentId)
          await store.credit({ ...opened.purchase, paymentIntentId })
          const known = await store.purchase(opened.purchase.purchaseId)
          assert.equal(known?.status, 'credited')
          assert.equal(known?.paymentIntentId, paymentIntentId)
          assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'prepared')
        }
      }))

    it('closes a purchase that an earlier word of the same payment did not name', () =>
      withStore(makeStore, async ({ store, key }) => {
        const opened = await store.prepareTopUp(termsOf(key), null)
        assert(opened.type === 'prepared')
        await store.credit({ ...opened.purchase, paymentIntentId: 'pi_1', purchaseId: null })
        assert.equal((await store.purchase(opened.purchase.purchaseId))?.status, 'prepared')
        const again = await store.credit({ ...opened.purchase, paymentIntentId: 'pi_1' })
        assert.equal(again.type, 'already_credited')
        assertAccount(again.account, { credited: 50_000, available: 50_000 })
        assert.equal((await store.purchase(opened.purchase.purchaseId))?.status, 'credited')
      }))

    it('remembers a purchase that is not known as credited, so that nobody pays for it again', () =>
      withStore(makeStore, async ({ store, key }) => {
        const terms = termsOf(key)
        const paid = { ...key, units: terms.units, purchaseId: terms.purchaseId }
        await store.credit({ ...paid, paymentIntentId: 'pi_1' })
        const known = await store.purchase(terms.purchaseId)
        assert(known)
        const { nowMs, createdAtMs, updatedAtMs, ...rest } = known
        assert.deepEqual(rest, {
          ...terms,
          paymentMethodId: '',
          customerId: null,
          keepsCard: false,
          wantsBankCheck: false,
          issuer: '',
          description: '',
          keyThumbprint: null,
          status: 'credited',
          attempt: 1,
          paymentIntentId: 'pi_1',
          failure: null,
        })
        assert(createdAtMs <= nowMs && updatedAtMs <= nowMs)
        // Whatever card it is repeated with, and from whatever account.
        for (const account of [key, someAccount()]) {
          const repeated = await store.prepareTopUp({ ...terms, ...account, paymentMethodId: 'pm_2' }, null)
          assert.equal(repeated.type === 'existing' && repeated.purchase.status, 'credited')
        }
        await store.credit({ ...paid, paymentIntentId: 'pi_2' })
        assert.equal((await store.purchase(terms.purchaseId))?.paymentIntentId, 'pi_1')
        assert.equal((await store.due({ idleMs: 0, limit: 10 })).length, 0)
      }))

    it('leaves a purchase open that is about another PaymentIntent', () =>
      withStore(makeStore, async ({ store, key }) => {
        const opened = await store.prepareTopUp(termsOf(key), null)
        assert(opened.type === 'prepared')
        await store.saveIntent(opened.purchase, 'pi_2')
        await store.credit({ ...opened.purchase, paymentIntentId: 'pi_1' })
        assert.equal((await store.purchase(opened.purchase.purchaseId))?.status, 'intent_saved')
        assertAccount(await store.account(key), { credited: 50_000, available: 50_000 })
      }))

    it('leaves a purchase open that has moved to another account', () =>
      withStore(makeStore, async ({ store, key }) => {
        const other = someAccount()
        const opened = await store.prepareTopUp(termsOf(key), null)
        assert(opened.type === 'prepared')
        await store.failTopUp(opened.purchase, { error: 'card_declined' })
        const moved = { ...opened.purchase, ...other, paymentMethodId: 'pm_second' }
        assert.equal((await store.prepareTopUp(moved, null)).type, 'prepared')
        await store.credit({ ...opened.purchase, paymentIntentId: 'pi_1' })
        const known = await store.purchase(opened.purchase.purchaseId)
        assert.equal(known?.status, 'prepared')
        assert.equal(known?.clientId, other.clientId)
      }))

    it('repays what an account owes first', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(500)
        await store.debit({ ...key, debitId: 're_1', rank: 1, units: 800, freezes: false, reason: 'refund' })
        assertAccount(await store.account(key), {
          credited: 500,
          debited: 800,
          available: -300,
          frozen: true,
        })
        assertAccount(await credit(200), { credited: 700, debited: 800, available: -100, frozen: true })
        assertAccount(await credit(200), { credited: 900, debited: 800, available: 100 })
        assert.equal((await store.hold(holdOf(key))).type, 'held')
      }))

    it('keeps sums up to 2^53 - 1 exactly and refuses to pass it', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        const most = Number.MAX_SAFE_INTEGER
        assertAccount(await credit(most - 1), { credited: most - 1, available: most - 1 })
        await assert.rejects(credit(2), { code: 'invalid_amount' })
        assertAccount(await credit(1), { credited: most, available: most })
        await assert.rejects(credit(1), { code: 'invalid_amount' })
        await assert.rejects(credit(most), { code: 'invalid_amount' })
        const held = await store.hold(holdOf(key, { units: most - 2 }))
        assertAccount(held.account, { credited: most, available: 2, held: most - 2 })
        await assert.rejects(credit(1), { code: 'invalid_amount' })
        assert.equal((await store.history(key, { limit: 10 })).length, 2)
      }))

    it('refuses what is not a whole, exact, positive amount', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        for (const units of [0, -1, 0.5, Number.NaN, 2 ** 53])
          await assert.rejects(credit(units), { code: 'invalid_amount' })
        assert.equal((await store.accounts(key.clientId)).length, 0)
      }))
  })
}
