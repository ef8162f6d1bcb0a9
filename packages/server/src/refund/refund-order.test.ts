import assert from 'node:assert/strict'
import Stripe from 'stripe'
import { beforeEach, describe, it } from 'vitest'
import type { Seller } from '../seller.fixture.js'
import type { RefundReport } from './refund-client.js'
import { openRefundDesk, type RefundDesk, refundsOf } from './refund-desk.fixture.js'

describe('refundClient', () => {
  let desk: RefundDesk
  let seller: Seller
  beforeEach(() => {
    desk = openRefundDesk()
    seller = desk.seller
  })

  it('returns an amount once per order, even from a payment that the order had refunded in part', async () => {
    const { account } = await desk.pay()
    const dollar = { currency: 'usd', units: 10_000 }
    const refund = (order: string, units = dollar.units): Promise<RefundReport> =>
      seller.stripe402.refund(account.clientId, { amount: { ...dollar, units, order } })
    assert.equal((await refund('lunch')).order, 'lunch')
    assert.deepEqual((await refund('lunch')).parts, [])
    await refund('dinner')
    await Promise.all([refund('tea'), refund('tea')])
    await refund('lunch', 15_000)
    assert.deepEqual(refundsOf(seller), [100, 100, 100, 50])
    await desk.assertSound(account)
  })

  it('does not begin an order that another run of it has changed since this one looked', async () => {
    const { account } = await desk.pay()
    const refund = (): Promise<RefundReport> =>
      seller.stripe402.refund(account.clientId, { amount: { currency: 'usd', units: 30_000, order: 'once' } })
    const { account: read } = seller.store
    seller.store.account = async (key) => {
      seller.store.account = read
      await refund()
      desk.pass(60_000)
      return read.call(seller.store, key)
    }
    assert.deepEqual(
      (await refund()).parts.map(({ result, reason }) => [result, reason]),
      [['interrupted', 'earlier_run']],
    )
    assert.deepEqual(refundsOf(seller), [300])
    await desk.assertSound(account)
  })

  it('returns an amount once when neither the answer nor the list came, and it is run again', async () => {
    const { account } = await desk.pay()
    const refund = (): Promise<RefundReport> =>
      seller.stripe402.refund(account.clientId, { amount: { currency: 'usd', units: 10_000, order: 'once' } })
    const { create } = seller.stripe.refunds
    seller.stripe.refunds.create = async (...args) => {
      await create.apply(seller.stripe.refunds, args)
      seller.stripeLocal.faults.add({ path: '/v1/refunds', kind: 'status', status: 500, times: 'always' })
      throw new Stripe.errors.StripeConnectionError({ message: 'The answer was lost.', type: 'api_error' })
    }
    const first = await refund()
    assert.deepEqual([first.isCertain, first.parts[0]?.result], [false, 'unknown'])
    seller.stripe.refunds.create = create
    seller.stripeLocal.faults.clear()
    desk.pass(600_000)
    const second = await refund()
    assert.deepEqual([second.isCertain, second.parts], [true, []])
    assert.deepEqual(refundsOf(seller), [100])
    await desk.assertSound(account)
  })

  it('tries an order again where its refund failed', async () => {
    const { account } = await desk.pay('pm_card_refundFail')
    const amount = { currency: 'usd', units: 10_000, order: 'once' }
    await seller.stripe402.refund(account.clientId, { amount })
    const [failed] = seller.stripeLocal.state.refunds()
    assert(failed)
    seller.stripeLocal.settleRefund(failed.id)
    await seller.stripe402.refund(account.clientId, { amount })
    assert.deepEqual(refundsOf(seller), [100, 100])
    await desk.assertSound(account)
  })

  it.each(['', 'two words', 'x'.repeat(65)])('refuses the order "%s"', async (order) => {
    const { account } = await desk.pay()
    const amount = { currency: 'usd', units: 10_000, order }
    await assert.rejects(seller.stripe402.refund(account.clientId, { amount }), { code: 'invalid_input' })
  })
})
