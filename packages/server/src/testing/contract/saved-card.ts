import assert from 'node:assert/strict'
import { cardOf, type MakeStore, someAccount, termsOf, withStore } from './subject.js'
import type { TestApi } from './test-api.js'

/** Cards that their holders asked to keep, and purchases that keep one. */
export function savedCardTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('keepCard', () => {
    it('remembers one card per client, the last one', () =>
      withStore(makeStore, async ({ store, key }) => {
        assert.equal(await store.savedCard(key.clientId), null)
        await store.keepCard(cardOf(key))
        await store.keepCard(cardOf(key))
        assert.deepEqual(await store.savedCard(key.clientId), cardOf(key))
        const renewed = cardOf(key, { customerId: 'cus_2', paymentMethodId: 'pm_second', expYear: 2040 })
        await store.keepCard(renewed)
        assert.deepEqual(await store.savedCard(key.clientId), renewed)
        assert.equal(await store.savedCard(someAccount().clientId), null)
      }))

    it('is no account, and moves no money', () =>
      withStore(makeStore, async ({ store, key }) => {
        await store.keepCard(cardOf(key))
        assert.deepEqual(await store.accounts(key.clientId), [])
        assert.equal((await store.audit()).accounts, 0)
      }))

    it('refuses what is no card', () =>
      withStore(makeStore, async ({ store, key }) => {
        for (const changes of [
          { customerId: '' },
          { paymentMethodId: 'a\nb' },
          { brand: '' },
          { last4: '' },
          { expMonth: 0 },
          { expYear: 0.5 },
        ])
          await assert.rejects(async () => store.keepCard(cardOf(key, changes)))
        assert.equal(await store.savedCard(key.clientId), null)
      }))
  })

  describe('forgetCard', () => {
    it('forgets it for good, however often somebody hears of its payment', () =>
      withStore(makeStore, async ({ store, key }) => {
        await store.keepCard(cardOf(key))
        await store.forgetCard(cardOf(key))
        await store.forgetCard(cardOf(key))
        assert.equal(await store.savedCard(key.clientId), null)
        await store.keepCard(cardOf(key))
        assert.equal(await store.savedCard(key.clientId), null)
      }))

    it('leaves the way open for the same card, entered again', () =>
      withStore(makeStore, async ({ store, key }) => {
        await store.keepCard(cardOf(key))
        await store.forgetCard(cardOf(key))
        const again = cardOf(key, { paymentMethodId: 'pm_second' })
        await store.keepCard(again)
        assert.deepEqual(await store.savedCard(key.clientId), again)
        await store.keepCard(cardOf(key, { paymentMethodId: 'pm_third', expMonth: 1 }))
        assert.equal((await store.savedCard(key.clientId))?.expMonth, 1)
      }))

    it('leaves another card alone', () =>
      withStore(makeStore, async ({ store, key }) => {
        await store.forgetCard(cardOf(key))
        await store.keepCard(cardOf(key))
        await store.forgetCard(cardOf(key, { paymentMethodId: 'pm_second' }))
        await store.forgetCard(cardOf(someAccount()))
        assert.deepEqual(await store.savedCard(key.clientId), cardOf(key))
      }))
  })

  describe('prepareTopUp with a Customer', () => {
    it('freezes whose the card is, and whether it is kept, until another card is tried', () =>
      withStore(makeStore, async ({ store, key }) => {
        const terms = termsOf(key, { customerId: 'cus_1', keepsCard: true })
        const opened = await store.prepareTopUp(terms, null)
        assert(opened.type === 'prepared')
        const isKept = { customerId: 'cus_1', keepsCard: true }
        assert.deepEqual(
          { customerId: opened.purchase.customerId, keepsCard: opened.purchase.keepsCard },
          isKept,
        )
        const again = await store.prepareTopUp({ ...terms, customerId: 'cus_2', keepsCard: false }, null)
        assert(again.type === 'existing')
        assert.deepEqual(again.purchase, { ...opened.purchase, nowMs: again.purchase.nowMs })
        const {
          nowMs: _nowMs,
          updatedAtMs: _updatedAtMs,
          ...saved
        } = await store.saveIntent(opened.purchase, 'pi_1')
        assert.deepEqual({ customerId: saved.customerId, keepsCard: saved.keepsCard }, isKept)
        await store.failTopUp({ ...opened.purchase, paymentIntentId: 'pi_1' }, { error: 'card_declined' })
        const other = await store.prepareTopUp(
          termsOf(key, { purchaseId: terms.purchaseId, paymentMethodId: 'pm_second' }),
          null,
        )
        assert(other.type === 'prepared')
        const known = await store.purchase(terms.purchaseId)
        assert.equal(known?.customerId, null)
        assert.equal(known?.keepsCard, false)
      }))
  })
}
