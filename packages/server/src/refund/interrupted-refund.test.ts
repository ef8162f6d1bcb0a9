import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'vitest'
import { moneyEvents, sumsAtStripe, sumsIn } from '../debits/money-history.fixture.js'
import { openSeller, type Seller } from '../seller.fixture.js'
import type { Store } from '../store.js'
import { openRefundDesk, type RefundDesk, refundsOf } from './refund-desk.fixture.js'

describe('refundClient', () => {
  let desk: RefundDesk
  let seller: Seller
  beforeEach(() => {
    desk = openRefundDesk()
    seller = desk.seller
  })

  it('counts a refund whose answer was lost, because the list of refunds has it', async () => {
    const { account } = await desk.pay()
    seller.stripeLocal.faults.add({
      method: 'POST',
      path: '/v1/refunds',
      kind: 'status',
      status: 500,
      when: 'after',
      times: 'always',
    })
    const report = await seller.stripe402.refund(account.clientId)
    assert.deepEqual(
      report.parts.map(({ result }) => result),
      ['refunded'],
    )
    assert.deepEqual(refundsOf(seller), [500])
    await desk.assertSound(account)
  })

  it('says that it does not know while Stripe does not, keeps the units, and finds out when it is run again', async () => {
    const { account } = await desk.pay()
    seller.stripeLocal.faults.add({
      path: '/v1/refunds',
      kind: 'status',
      status: 500,
      kept: true,
      times: 'always',
      method: 'POST',
    })
    const report = await seller.stripe402.refund(account.clientId)
    assert.deepEqual(
      report.parts.map(({ result, reason }) => [result, reason]),
      [['unknown', 'no_answer']],
    )
    assert.equal(report.isCertain, false)
    assert.equal((await seller.store.account(account)).held, 50_000)
    seller.stripeLocal.faults.clear()
    desk.pass(600_000)
    const again = await seller.stripe402.refund(account.clientId)
    // Stripe keeps a 500 under its key for a day; that it took nothing shows in its list.
    assert.equal(again.isCertain, false)
    desk.pass(86_400_000)
    assert.equal((await seller.stripe402.refund(account.clientId)).isCertain, true)
    assert.deepEqual(refundsOf(seller), [500])
    await desk.assertSound(account)
  })
})

/** Every call that a refund makes and that may be its last. */
const STEPS = ['hold', 'refund', 'debit'] as const

describe('refundClient, stopped by a crash', () => {
  const crashes = STEPS.flatMap((step) =>
    (['before', 'after'] as const).flatMap((when) =>
      (['webhook', 'command'] as const).map((first) => [step, when, first] as const),
    ),
  )
  it.each(crashes)(
    'in its %s, %s the effect, refunds once and leaves nothing held, whether the %s comes next',
    async (step, when, first) => {
      const { seller, now, pass } = openRefundDesk()
      const { account } = await seller.topUp()
      const crashing = openSeller({
        stripeLocal: seller.stripeLocal,
        store: crashingStore(seller.store, step, when),
        runtime: { now },
      })
      if (step === 'refund') crashAtStripe(crashing, when)
      await assert.rejects(crashing.stripe402.refund(account.clientId), { message: 'crash' })

      for (const { payload, signature } of first === 'webhook' ? moneyEvents(seller) : [])
        assert.equal((await seller.stripe402.webhook(payload, signature)).status, 200)
      const early = await seller.stripe402.refund(account.clientId)
      pass(600_000)
      if (early.accounts[0]?.available !== 0 || early.accounts[0]?.held !== 0)
        await seller.stripe402.refund(account.clientId)
      assert.deepEqual(refundsOf(seller), [500])
      assert.deepEqual(await sumsIn(seller.store, account), sumsAtStripe(seller.stripeLocal))
      assert.deepEqual((await seller.stripe402.audit({ settleMs: 0 })).breaks, [])
      assert.equal((await seller.store.account(account)).held, 0)
    },
  )
})

/** A store whose process dies in one of its verbs. */
function crashingStore(store: Store, step: (typeof STEPS)[number], when: 'before' | 'after'): Store {
  return new Proxy(store, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]): Promise<unknown> => {
        if (property === step && when === 'before') throw new Error('crash')
        const result: unknown = await Reflect.apply(member, target, args)
        if (property === step) throw new Error('crash')
        return result
      }
    },
  })
}

/** A process that dies around its request for a refund. */
function crashAtStripe({ stripe }: Seller, when: 'before' | 'after'): void {
  const create = stripe.refunds.create.bind(stripe.refunds)
  stripe.refunds.create = async (...args: Parameters<typeof create>) => {
    if (when === 'after') await create(...args)
    throw new Error('crash')
  }
}
