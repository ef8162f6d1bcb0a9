import assert from 'node:assert/strict'
import type { AccountKey, Purchase, Store } from '../../store.js'
import { holdOf, type MakeStore, someAccount, somePurchaseId, termsOf, withStore } from './subject.js'
import type { TestApi } from './test-api.js'

const declined = { error: 'card_declined', declineCode: 'insufficient_funds' }

/** An open top-up moves forward only, and ends once. */
export function openTopUpTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('an open top-up', () => {
    it('remembers its PaymentIntent, the first one', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        const saved = await store.saveIntent(purchase, 'pi_1')
        assert.equal(saved.status, 'intent_saved')
        assert.equal(saved.paymentIntentId, 'pi_1')
        assert.equal((await store.saveIntent(purchase, 'pi_2')).paymentIntentId, 'pi_1')
        assert.equal((await store.purchase(purchase.purchaseId))?.paymentIntentId, 'pi_1')
      }))

    it('waits for the person, and is not set back by a late saveIntent', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        await store.saveIntent(purchase, 'pi_1')
        assert.equal((await store.awaitAction(purchase)).status, 'requires_action')
        assert.equal((await store.awaitAction(purchase)).status, 'requires_action')
        assert.equal((await store.saveIntent(purchase, 'pi_1')).status, 'requires_action')
      }))

    it('fails with a reason that a later call does not replace', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        const failed = await store.failTopUp(purchase, declined)
        assert.equal(failed.status, 'failed')
        assert.deepEqual(failed.failure, declined)
        const again = await store.failTopUp(purchase, { error: 'payment_failed' })
        assert.deepEqual(again.failure, declined)
        assert.equal((await store.awaitAction(purchase)).status, 'failed')
        assert.equal((await store.saveIntent(purchase, 'pi_late')).paymentIntentId, null)
      }))

    it('does not fail when it was given another PaymentIntent after it was judged', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        const saved = await store.saveIntent(purchase, 'pi_1')
        for (const paymentIntentId of [null, 'pi_2'])
          assert.equal(
            (await store.failTopUp({ ...saved, paymentIntentId }, declined)).status,
            'intent_saved',
          )
        assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'busy')
        await store.awaitAction(saved)
        assert.equal((await store.failTopUp(purchase, declined)).status, 'requires_action')
        assert.equal((await store.failTopUp(saved, declined)).status, 'failed')
        assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'prepared')
      }))

    it('keeps a reason without a decline code as it is', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        await store.failTopUp(purchase, { error: 'payment_failed' })
        const known = await store.purchase(purchase.purchaseId)
        assert.equal(known?.failure?.error, 'payment_failed')
        assert.equal(known?.failure?.declineCode, undefined)
      }))

    it('cannot fail, wait or change once it is credited', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        await store.saveIntent(purchase, 'pi_1')
        await store.credit({ ...purchase, paymentIntentId: 'pi_1' })
        for (const after of [
          await store.failTopUp(purchase, declined),
          await store.awaitAction(purchase),
          await store.saveIntent(purchase, 'pi_2'),
        ]) {
          assert.equal(after.status, 'credited')
          assert.equal(after.paymentIntentId, 'pi_1')
          assert.equal(after.failure, null)
        }
        const again = await store.prepareTopUp({ ...purchase, paymentMethodId: 'pm_second' }, null)
        assert(again.type === 'existing')
        assert.equal(again.purchase.status, 'credited')
      }))

    it('is unknown to verbs when nobody prepared it', () =>
      withStore(makeStore, async ({ store, key }) => {
        const nobody = { ...key, purchaseId: somePurchaseId(), attempt: 1, paymentIntentId: null }
        assert.equal(await store.purchase(nobody.purchaseId), null)
        await assert.rejects(store.saveIntent(nobody, 'pi_1'), { code: 'unknown_purchase' })
        await assert.rejects(store.awaitAction(nobody), { code: 'unknown_purchase' })
        await assert.rejects(store.failTopUp(nobody, declined), { code: 'unknown_purchase' })
      }))
  })

  describe('a failed top-up', () => {
    it('stays failed for the same PaymentMethod', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        await store.failTopUp(purchase, declined)
        const again = await store.prepareTopUp(purchase, holdOf(key))
        assert(again.type === 'existing')
        assert.equal(again.purchase.status, 'failed')
        assert.equal(again.purchase.attempt, 1)
      }))

    it('is prepared again for another PaymentMethod, with new terms', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        await store.failTopUp(await store.saveIntent(purchase, 'pi_1'), declined)
        const terms = { ...termsOf(key), purchaseId: purchase.purchaseId, units: 100_000, minor: 1000 }
        const again = await store.prepareTopUp({ ...terms, paymentMethodId: 'pm_second' }, null)
        assert(again.type === 'prepared')
        const { attempt, status, units, minor, paymentMethodId, paymentIntentId, failure } = again.purchase
        assert.deepEqual(
          { attempt, status, units, minor, paymentMethodId, paymentIntentId, failure },
          {
            attempt: 2,
            status: 'prepared',
            units: 100_000,
            minor: 1000,
            paymentMethodId: 'pm_second',
            paymentIntentId: null,
            failure: null,
          },
        )
      }))

    it('ignores what is said about an older attempt', () =>
      withStore(makeStore, async ({ store, key }) => {
        const first = await open(store, key)
        await store.failTopUp(first, declined)
        await store.prepareTopUp({ ...first, paymentMethodId: 'pm_second' }, null)
        for (const after of [
          await store.saveIntent(first, 'pi_old'),
          await store.awaitAction(first),
          await store.failTopUp(first, declined),
        ]) {
          assert.equal(after.attempt, 2)
          assert.equal(after.status, 'prepared')
          assert.equal(after.paymentIntentId, null)
        }
      }))

    it('waits for another open top-up of the account', () =>
      withStore(makeStore, async ({ store, key }) => {
        const first = await open(store, key)
        await store.failTopUp(first, declined)
        const other = await open(store, key)
        const again = await store.prepareTopUp({ ...first, paymentMethodId: 'pm_second' }, null)
        assert(again.type === 'busy')
        assert.equal(again.purchase.purchaseId, other.purchaseId)
        assert.equal((await store.purchase(first.purchaseId))?.status, 'failed')
      }))

    it('moves to the account of another card, and back', () =>
      withStore(makeStore, async ({ store, key }) => {
        const other = someAccount()
        const first = await open(store, key)
        await store.failTopUp(first, declined)
        const second = await store.prepareTopUp(
          { ...termsOf(other), purchaseId: first.purchaseId, paymentMethodId: 'pm_2' },
          null,
        )
        assert(second.type === 'prepared')
        assert.equal(second.purchase.attempt, 2)
        assert.equal(second.purchase.clientId, other.clientId)
        assert.equal((await store.saveIntent(first, 'pi_old')).attempt, 2)
        assert.equal((await store.prepareTopUp(termsOf(other), null)).type, 'busy')
        assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'prepared')
        await store.failTopUp(await store.saveIntent(second.purchase, 'pi_2'), declined)
        const busy = await store.prepareTopUp({ ...first, paymentMethodId: 'pm_3' }, null)
        assert(busy.type === 'busy')
        await store.failTopUp(busy.purchase, declined)
        const third = await store.prepareTopUp({ ...first, paymentMethodId: 'pm_3' }, null)
        assert(third.type === 'prepared')
        assert.equal(third.purchase.attempt, 3)
        assert.equal(third.purchase.clientId, key.clientId)
        assert.equal((await store.purchase(first.purchaseId))?.attempt, 3)
      }))

    it('goes to one of many cards that are tried at once', () =>
      withStore(makeStore, async ({ store, key }) => {
        const first = await open(store, key)
        await store.failTopUp(first, declined)
        const cards = Array.from({ length: 20 }, () => someAccount())
        const results = await Promise.all(
          cards.map((card, index) =>
            store.prepareTopUp(
              { ...termsOf(card), purchaseId: first.purchaseId, paymentMethodId: `pm_${index}` },
              holdOf(card),
            ),
          ),
        )
        const opened = results.filter((result) => result.type === 'prepared')
        assert.equal(opened.length, 1)
        assert.equal(results.filter(({ type }) => type === 'existing').length, 19)
        const known = await store.purchase(first.purchaseId)
        assert.equal(known?.clientId, opened[0]?.type === 'prepared' && opened[0].purchase.clientId)
        for (const card of cards) {
          const isWinner: boolean = card.clientId === known?.clientId
          const next = await store.prepareTopUp(termsOf(card), null)
          assert.equal(next.type, isWinner ? 'busy' : 'prepared')
        }
      }))

    it('is opened once when many cards come with a new purchase id', () =>
      withStore(makeStore, async ({ store }) => {
        for (let round = 1; round <= 15; round += 1) {
          const purchaseId = somePurchaseId()
          const results = await Promise.all(
            Array.from({ length: 12 }, (_, index) =>
              store.prepareTopUp(
                { ...termsOf(someAccount()), purchaseId, paymentMethodId: `pm_${index}` },
                null,
              ),
            ),
          )
          assert.equal(results.filter(({ type }) => type === 'prepared').length, 1)
          assert.equal(results.filter(({ type }) => type === 'existing').length, 11)
        }
      }))

    it('is credited after all when its money arrives', () =>
      withStore(makeStore, async ({ store, key }) => {
        const purchase = await open(store, key)
        await store.failTopUp(await store.saveIntent(purchase, 'pi_1'), declined)
        await store.credit({ ...purchase, paymentIntentId: 'pi_1' })
        const known = await store.purchase(purchase.purchaseId)
        assert.equal(known?.status, 'credited')
        assert.equal(known?.failure, null)
      }))
  })

  describe('due', () => {
    it('lists open purchases that nothing happened to, the longest idle first', () =>
      withStore(makeStore, async ({ store, pass }) => {
        const first = await open(store, someAccount())
        await pass(2)
        const second = await open(store, someAccount())
        await pass(2)
        const third = await open(store, someAccount())
        const fourth = await open(store, someAccount())
        await store.failTopUp(fourth, declined)
        await pass(2)
        await store.saveIntent(first, 'pi_1')
        await pass(2)
        const due = await store.due({ idleMs: 0, limit: 10 })
        assert.deepEqual(
          due.map(({ purchaseId }) => purchaseId),
          [second, third, first].map(({ purchaseId }) => purchaseId),
        )
        assert.equal(due[2]?.paymentIntentId, 'pi_1')
        assert.deepEqual(
          (await store.due({ idleMs: 0, limit: 2 })).map(({ purchaseId }) => purchaseId),
          [second, third].map(({ purchaseId }) => purchaseId),
        )
        assert.deepEqual(await store.due({ idleMs: 600_000, limit: 10 }), [])
      }))

    it('goes on behind the last one of a page, also among those of the same moment', () =>
      withStore(makeStore, async ({ store, pass }) => {
        const opened: Purchase[] = []
        for (let count = 0; count < 12; count += 1) {
          opened.push(await open(store, someAccount()))
          if (count % 4 === 3) await pass(2)
        }
        const seen: Purchase[] = []
        let page: Purchase[]
        do {
          page = await store.due({ idleMs: 0, limit: 5, after: seen.at(-1) })
          seen.push(...page)
        } while (page.length === 5)
        assert.equal(page.length, 2)
        const ids = (purchases: readonly Purchase[]) => purchases.map(({ purchaseId }) => purchaseId).sort()
        assert.deepEqual(ids(seen), ids(opened))
        const changes = seen.map(({ updatedAtMs }) => updatedAtMs)
        assert.deepEqual(
          changes,
          [...changes].sort((one, other) => one - other),
        )
        assert.deepEqual(await store.due({ idleMs: 0, limit: 5, after: seen.at(-1) }), [])
      }))

    it('does not list what was credited', () =>
      withStore(makeStore, async ({ store, key, pass }) => {
        const purchase = await open(store, key)
        await store.credit({ ...purchase, paymentIntentId: 'pi_1' })
        await pass(2)
        assert.deepEqual(await store.due({ idleMs: 0, limit: 10 }), [])
      }))
  })
}

async function open(store: Store, key: AccountKey): Promise<Purchase> {
  const result = await store.prepareTopUp(termsOf(key), null)
  assert(result.type === 'prepared')
  return result.purchase
}
