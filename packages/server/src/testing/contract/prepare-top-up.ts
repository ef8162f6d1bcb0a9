import assert from 'node:assert/strict'
import type { Purchase } from '../../store.js'
import {
  assertAccount,
  captureOne,
  holdOf,
  type MakeStore,
  someAccount,
  termsOf,
  withStore,
} from './subject.js'
import type { TestApi } from './test-api.js'

/** A top-up is opened once, and only when it is needed. */
export function prepareTopUpTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  describe('prepareTopUp', () => {
    it('keeps the terms before anything is charged', () =>
      withStore(makeStore, async ({ store, key }) => {
        const terms = termsOf(key)
        const result = await store.prepareTopUp(terms, holdOf(key))
        assert(result.type === 'prepared')
        const { createdAtMs, updatedAtMs, nowMs, ...rest } = result.purchase
        assert.deepEqual(rest, {
          ...terms,
          status: 'prepared',
          attempt: 1,
          paymentIntentId: null,
          failure: null,
        })
        assert(Number.isSafeInteger(nowMs) && createdAtMs === nowMs && updatedAtMs === nowMs)
        const known = await store.purchase(terms.purchaseId)
        assert(known && known.nowMs >= nowMs)
        assert.deepEqual({ ...known, nowMs }, result.purchase)
        assert.equal((await store.accounts(key.clientId)).length, 0)
      }))

    it('answers the same call again with the purchase that it opened', () =>
      withStore(makeStore, async ({ store, key }) => {
        const terms = termsOf(key)
        const hold = holdOf(key)
        const results = await Promise.all(Array.from({ length: 10 }, () => store.prepareTopUp(terms, hold)))
        assert.equal(results.filter(({ type }) => type === 'prepared').length, 1)
        assert.equal(results.filter(({ type }) => type === 'existing').length, 9)
        assert.equal((await store.purchase(terms.purchaseId))?.attempt, 1)
      }))

    it('keeps the first terms', () =>
      withStore(makeStore, async ({ store, key }) => {
        const terms = termsOf(key)
        await store.prepareTopUp(terms, null)
        const changed = { ...terms, units: 100_000, minor: 1000, paymentMethodId: 'pm_second' }
        const again = await store.prepareTopUp(changed, null)
        assert(again.type === 'existing')
        assert.equal(again.purchase.units, 50_000)
        assert.equal(again.purchase.paymentMethodId, 'pm_first')
      }))

    it('keeps whose key opened it, which no later caller changes, until another card is tried', () =>
      withStore(makeStore, async ({ store, key }) => {
        const terms = termsOf(key, { keyThumbprint: 'first' })
        const opened = await store.prepareTopUp(terms, null)
        assert(opened.type === 'prepared')
        assert.equal(opened.purchase.keyThumbprint, 'first')
        for (const changes of [{ keyThumbprint: 'thief' }, { keyThumbprint: 'thief', ...someAccount() }]) {
          const again = await store.prepareTopUp({ ...terms, ...changes, paymentMethodId: 'pm_thief' }, null)
          assert.equal(again.type === 'existing' && again.purchase.keyThumbprint, 'first')
        }
        const busy = await store.prepareTopUp(termsOf(key, { keyThumbprint: 'thief' }), null)
        assert.equal(busy.type === 'busy' && busy.purchase.keyThumbprint, 'first')
        await store.failTopUp(opened.purchase, { error: 'card_declined' })
        assert.equal((await store.purchase(terms.purchaseId))?.keyThumbprint, 'first')
        const other = { ...terms, paymentMethodId: 'pm_second', keyThumbprint: null }
        assert.equal((await store.prepareTopUp(other, null)).type, 'prepared')
        assert.equal((await store.purchase(terms.purchaseId))?.keyThumbprint, null)
      }))

    it('keeps whether its bank is to check the person, which no retry changes, until another card is tried', () =>
      withStore(makeStore, async ({ store, key, pass }) => {
        const terms = termsOf(key, { wantsBankCheck: true })
        const opened = await store.prepareTopUp(terms, null)
        assert(opened.type === 'prepared')
        assert.equal(opened.purchase.wantsBankCheck, true)
        const again = await store.prepareTopUp({ ...terms, wantsBankCheck: false }, null)
        assert.equal(again.type === 'existing' && again.purchase.wantsBankCheck, true)
        const saved = await store.saveIntent(opened.purchase, 'pi_1')
        const waiting = await store.awaitAction(saved)
        await pass(3)
        const [due] = await store.due({ idleMs: 1, limit: 1 })
        for (const known of [saved, waiting, due, await store.purchase(terms.purchaseId)])
          assert.equal(known?.wantsBankCheck, true)
        await store.failTopUp(saved, { error: 'card_declined' })
        const other = { ...terms, paymentMethodId: 'pm_second', wantsBankCheck: false }
        assert.equal((await store.prepareTopUp(other, null)).type, 'prepared')
        assert.equal((await store.purchase(terms.purchaseId))?.wantsBankCheck, false)
      }))

    it('keeps what its PaymentIntent says, which no retry changes, until another card is tried', () =>
      withStore(makeStore, async ({ store, key, pass }) => {
        const first = { issuer: 'first', description: 'Credit at Müller’s & Söhne, “Ω”' }
        const second = { issuer: 'second', description: 'Credit at another name' }
        const said = (purchase: Purchase | null | undefined) => ({
          issuer: purchase?.issuer,
          description: purchase?.description,
        })
        const terms = termsOf(key, first)
        const opened = await store.prepareTopUp(terms, null)
        assert(opened.type === 'prepared')
        const again = await store.prepareTopUp({ ...terms, ...second }, null)
        assert(again.type === 'existing')
        const saved = await store.saveIntent(opened.purchase, 'pi_1')
        const waiting = await store.awaitAction(saved)
        await pass(3)
        const [due] = await store.due({ idleMs: 1, limit: 1 })
        const known = await store.purchase(terms.purchaseId)
        for (const purchase of [opened.purchase, again.purchase, saved, waiting, due, known])
          assert.deepEqual(said(purchase), first)
        await store.failTopUp(saved, { error: 'card_declined' })
        await store.prepareTopUp({ ...terms, ...second, paymentMethodId: 'pm_second' }, null)
        assert.deepEqual(said(await store.purchase(terms.purchaseId)), second)
      }))

    it('takes the hold instead when the balance covers the price by now', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const terms = termsOf(key)
        const hold = holdOf(key)
        const result = await store.prepareTopUp(terms, hold)
        assert(result.type === 'sufficient' && result.hold.type === 'held')
        assertAccount(result.hold.account, { credited: 100, held: 100 })
        assert.equal(await store.purchase(terms.purchaseId), null)
        assert.equal(await captureOne(store, hold), 'captured')
        assert.equal((await store.prepareTopUp(termsOf(key), holdOf(key))).type, 'prepared')
      }))

    it('admits what needs no payment', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const hold = holdOf(key, { access: { resource: 'digest', durationMs: 600_000 } })
        await store.hold(hold)
        await captureOne(store, hold)
        const result = await store.prepareTopUp(termsOf(key), { ...hold, operationId: 'another' })
        assert(result.type === 'sufficient' && result.hold.type === 'admitted')
        assert.equal(result.hold.reason, 'access')
      }))

    it('does not ask the balance when the top-up is wanted for its own sake', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(1_000_000)
        assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'prepared')
      }))

    it('opens nothing for an operation that stands for something else', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        const hold = holdOf(key)
        await store.hold(hold)
        const terms = termsOf(key)
        const other = { ...hold, fingerprint: 'POST /elsewhere' }
        assert.equal((await store.prepareTopUp(terms, other)).type, 'conflict')
        assert.equal(await store.purchase(terms.purchaseId), null)
      }))

    it('lets a frozen account repay', () =>
      withStore(makeStore, async ({ store, key, credit }) => {
        await credit(100)
        await store.debit({ ...key, debitId: 're_1', rank: 1, units: 150, freezes: false, reason: 'refund' })
        assert.equal((await store.prepareTopUp(termsOf(key), holdOf(key))).type, 'prepared')
      }))

    it('opens one top-up per account and currency at a time', () =>
      withStore(makeStore, async ({ store, key }) => {
        const first = termsOf(key)
        await store.prepareTopUp(first, null)
        const second = await store.prepareTopUp(termsOf(key), null)
        assert(second.type === 'busy')
        assert.equal(second.purchase.purchaseId, first.purchaseId)
        assert.equal((await store.prepareTopUp(termsOf({ ...key, currency: 'eur' }), null)).type, 'prepared')
        assert.equal((await store.prepareTopUp(termsOf(someAccount()), null)).type, 'prepared')
      }))

    it('stays busy until the open one is credited or failed', () =>
      withStore(makeStore, async ({ store, key }) => {
        for (const end of ['credit', 'fail'] as const) {
          const opened = await store.prepareTopUp(termsOf(key), null)
          assert(opened.type === 'prepared')
          const saved = await store.saveIntent(opened.purchase, `pi_${end}`)
          assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'busy')
          await store.awaitAction(opened.purchase)
          assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'busy')
          if (end === 'fail') await store.failTopUp(saved, { error: 'card_declined' })
          else await store.credit({ ...opened.purchase, paymentIntentId: `pi_${end}` })
        }
        assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'prepared')
      }))

    it('opens one of 50 that come at once', () =>
      withStore(makeStore, async ({ store, key }) => {
        const results = await Promise.all(
          Array.from({ length: 50 }, () => store.prepareTopUp(termsOf(key), holdOf(key))),
        )
        const opened = results.find((result) => result.type === 'prepared')
        assert(opened?.type === 'prepared')
        for (const result of results)
          if (result !== opened) {
            assert(result.type === 'busy')
            assert.equal(result.purchase.purchaseId, opened.purchase.purchaseId)
          }
      }))

    it('never opens a second top-up when the first is credited between two looks', () =>
      withStore(makeStore, async ({ store }) => {
        const outcomes = await Promise.all(
          Array.from({ length: 25 }, async () => {
            const key = someAccount()
            const first = await store.prepareTopUp(termsOf(key), holdOf(key))
            assert(first.type === 'prepared')
            const [, second] = await Promise.all([
              store.credit({ ...first.purchase, paymentIntentId: `pi_${key.clientId}` }),
              store.prepareTopUp(termsOf(key), holdOf(key)),
            ])
            return second.type
          }),
        )
        for (const type of outcomes) assert(type === 'busy' || type === 'sufficient', type)
      }))

    it('refuses amounts that are not whole and positive, and codes of another shape', () =>
      withStore(makeStore, async ({ store, key }) => {
        for (const changes of [{ units: 0 }, { minor: 0 }, { units: 0.1 }, { units: 2 ** 53 }])
          await assert.rejects(store.prepareTopUp(termsOf(key, changes), null), { code: 'invalid_amount' })
        for (const changes of [{ currency: 'USD' }, { paymentMethodId: '' }])
          await assert.rejects(store.prepareTopUp(termsOf(key, changes), null), { code: 'invalid_input' })
      }))
  })
}
