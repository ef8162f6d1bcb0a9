import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'vitest'
import { openSeller, type Seller } from '../seller.fixture.js'
import { holdOf } from '../testing/contract/subject.js'
import { openRefundDesk, type RefundDesk, refundsOf, shortly } from './refund-desk.fixture.js'

describe('refundClient', () => {
  let desk: RefundDesk
  let seller: Seller
  beforeEach(() => {
    desk = openRefundDesk()
    seller = desk.seller
  })

  it('returns what is unspent to the cards it came from, the latest payment first', async () => {
    const { account, paymentIntentId: first } = await desk.pay()
    const { paymentIntentId: second } = await desk.pay()
    await desk.spend(account, 20_000)
    const report = await seller.stripe402.refund(account.clientId)
    assert.deepEqual(shortly(report.parts), [
      [second, 50_000, 'refunded', null],
      [first, 30_000, 'refunded', null],
    ])
    assert.equal(report.isCertain, true)
    assert.deepEqual(report.accounts, [await seller.store.account(account)])
    assert.deepEqual(refundsOf(seller), [500, 300])
    const { available, debited, spent } = await seller.store.account(account)
    assert.deepEqual([available, debited, spent], [0, 80_000, 20_000])
    await desk.assertSound(account)
  })

  it('leaves what is smaller than a cent, and what requests under way hold', async () => {
    const { account } = await desk.pay()
    await desk.spend(account, 12_345)
    await seller.store.hold(holdOf(account, { units: 10_000 }))
    await seller.stripe402.refund(account.clientId)
    assert.deepEqual(refundsOf(seller), [276])
    const { available, held } = await seller.store.account(account)
    assert.deepEqual([available, held], [55, 10_000])
  })

  it('returns every currency, or as much of one as was asked for', async () => {
    const { account } = await desk.pay()
    await seller.topUp({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, currency: 'usd' })
    const part = await seller.stripe402.refund(account.clientId, {
      amount: { currency: 'usd', units: 1234, order: 'first' },
    })
    assert.deepEqual(
      part.parts.map(({ units }) => units),
      [1200],
    )
    const other = await seller.stripe402.refund(account.clientId, {
      amount: { currency: 'eur', units: 1234, order: 'second' },
    })
    assert.deepEqual(other.parts, [])
    await seller.stripe402.refund(account.clientId)
    assert.deepEqual(refundsOf(seller), [12, 488, 500])
    await desk.assertSound(account)
  })

  it('returns more than any one charge can be', async () => {
    const rich = openSeller({ currency: 'idr', topUp: { max: 6_000_000_000 } })
    const wish = { paymentMethodId: 'pm_card_visa', topUpAmount: 6_000_000_000, currency: 'idr' }
    const { account } = await rich.topUp(wish)
    await rich.topUp(wish)
    const { isCertain } = await rich.stripe402.refund(account.clientId)
    assert.deepEqual([isCertain, refundsOf(rich)], [true, [60_000_000, 60_000_000]])
    assert.equal((await rich.store.account(account)).available, 0)
    await rich.close()
  })

  it('changes nothing when it is only asked what it would do', async () => {
    const { account, paymentIntentId } = await desk.pay()
    const before = await seller.store.account(account)
    const report = await seller.stripe402.refund(account.clientId, { isDryRun: true })
    assert.deepEqual(shortly(report.parts), [[paymentIntentId, 50_000, 'planned', null]])
    assert.deepEqual(await seller.store.account(account), before)
    assert.deepEqual(refundsOf(seller), [])
  })

  it('refunds once when it is run twice, or twice at once', async () => {
    const { account } = await desk.pay()
    await Promise.all([seller.stripe402.refund(account.clientId), seller.stripe402.refund(account.clientId)])
    assert.deepEqual((await seller.stripe402.refund(account.clientId)).parts, [])
    assert.deepEqual(refundsOf(seller), [500])
    await desk.assertSound(account)
  })

  it('refunds again what a refund that failed did not return', async () => {
    const { account } = await desk.pay('pm_card_refundFail')
    await seller.stripe402.refund(account.clientId)
    const [failed] = seller.stripeLocal.state.refunds()
    assert(failed)
    seller.stripeLocal.settleRefund(failed.id)
    await seller.stripe402.reconcile()
    const report = await seller.stripe402.refund(account.clientId)
    assert.deepEqual(
      report.parts.map(({ result }) => result),
      ['refunded'],
    )
    assert.notEqual(report.parts[0]?.refundId, failed.id)
    assert.equal((await seller.store.account(account)).available, 0)
    await desk.assertSound(account)
  })

  it('lets nobody spend what is about to go back, and calls nobody frozen for it', async () => {
    const { account } = await desk.pay()
    const answers: string[] = []
    const verbs = new Proxy(seller.store, {
      get(store, name) {
        const verb: unknown = Reflect.get(store, name)
        if (typeof verb !== 'function') return verb
        return async (...args: unknown[]): Promise<unknown> => {
          const result: unknown = await Reflect.apply(verb, store, args)
          if (name === 'hold' || name === 'debit' || name === 'release')
            answers.push((await store.hold(holdOf(account, { units: 1 }))).type)
          return result
        }
      },
    })
    const watched = openSeller({
      stripeLocal: seller.stripeLocal,
      store: verbs,
      runtime: { now: desk.now },
    })
    await watched.stripe402.refund(account.clientId)
    assert.deepEqual(new Set(answers), new Set(['insufficient']))
    assert.deepEqual(refundsOf(seller), [500])
    await desk.assertSound(account)
  })

  it('says why a disputed payment stays, and goes on with the next one', async () => {
    const { account, paymentIntentId: first } = await desk.pay()
    const { paymentIntentId: second } = await desk.pay()
    seller.stripeLocal.dispute(second)
    const report = await seller.stripe402.refund(account.clientId)
    assert.deepEqual(shortly(report.parts), [
      [second, 50_000, 'refused', 'charge_disputed'],
      [first, 50_000, 'refunded', null],
    ])
    await seller.stripe402.reconcile()
    await desk.assertSound(account)
  })

  it('returns nothing of an account that a dispute has frozen', async () => {
    const { account, paymentIntentId } = await desk.pay()
    await desk.pay()
    seller.stripeLocal.dispute(paymentIntentId)
    await seller.stripe402.reconcile()
    const report = await seller.stripe402.refund(account.clientId)
    assert.deepEqual(
      report.parts.map(({ reason }) => reason),
      ['account_frozen', 'account_frozen'],
    )
    assert.deepEqual(refundsOf(seller), [])
  })

  it('does not touch a payment whose issuer it no longer knows', async () => {
    const { account } = await desk.pay()
    const { store, stripeLocal } = seller
    const rotated = openSeller({ stripeLocal, store, secret: 'another secret of this seller, 32 bytes' })
    const report = await rotated.stripe402.refund(account.clientId)
    assert.deepEqual(
      report.parts.map(({ reason }) => reason),
      ['unknown_issuer'],
    )
    assert.deepEqual(refundsOf(seller), [])
  })
})
