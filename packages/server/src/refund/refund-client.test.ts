import assert from 'node:assert/strict'
import Stripe from 'stripe'
import { beforeEach, describe, it } from 'vitest'
import { moneyEvents, sumsAtStripe, sumsIn } from '../debits/money-history.fixture.js'
import { openSeller, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import type { AccountKey, Store } from '../store.js'
import { captureOne, holdOf } from '../testing/contract/subject.js'
import type { RefundedPart, RefundReport } from './refund-client.js'

/** What went back to cards, in the minor unit, oldest first. */
function refundsOf({ stripeLocal }: Seller): number[] {
  return stripeLocal.state.refunds().map(({ amount }) => amount)
}

function shortly(parts: RefundedPart[]): unknown[] {
  return parts.map(({ paymentIntentId, units, result, reason }) => [paymentIntentId, units, result, reason])
}

describe('refundClient', () => {
  let nowMs: number
  let seller: Seller
  beforeEach(() => {
    nowMs = Date.UTC(2026, 0, 1)
    const clock = (): number => nowMs
    seller = openSeller({
      stripeOptions: { clock },
      store: new MemoryStore({ clock }),
      runtime: { now: clock },
    })
  })

  /** A second passes between two payments, so that one is the later. */
  async function pay(paymentMethodId = 'pm_card_visa'): ReturnType<Seller['topUp']> {
    const paid = await seller.topUp({ paymentMethodId, topUpAmount: 50_000 })
    nowMs += 1000
    return paid
  }

  async function spend(account: AccountKey, units: number): Promise<void> {
    const wish = holdOf(account, { units })
    await seller.store.hold(wish)
    assert.equal(await captureOne(seller.store, wish), 'captured')
  }

  /** Whether store and Stripe agree, and nothing is held any more. */
  async function assertSound(account: AccountKey): Promise<void> {
    assert.deepEqual((await seller.stripe402.audit({ settleMs: 0 })).breaks, [])
    assert.equal((await seller.store.account(account)).held, 0)
  }

  it('returns what is unspent to the cards it came from, the latest payment first', async () => {
    const { account, paymentIntentId: first } = await pay()
    const { paymentIntentId: second } = await pay()
    await spend(account, 20_000)
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
    await assertSound(account)
  })

  it('leaves what is smaller than a cent, and what requests under way hold', async () => {
    const { account } = await pay()
    await spend(account, 12_345)
    await seller.store.hold(holdOf(account, { units: 10_000 }))
    await seller.stripe402.refund(account.clientId)
    assert.deepEqual(refundsOf(seller), [276])
    const { available, held } = await seller.store.account(account)
    assert.deepEqual([available, held], [55, 10_000])
  })

  it('returns every currency, or as much of one as was asked for', async () => {
    const { account } = await pay()
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
    await assertSound(account)
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
    const { account, paymentIntentId } = await pay()
    const before = await seller.store.account(account)
    const report = await seller.stripe402.refund(account.clientId, { isDryRun: true })
    assert.deepEqual(shortly(report.parts), [[paymentIntentId, 50_000, 'planned', null]])
    assert.deepEqual(await seller.store.account(account), before)
    assert.deepEqual(refundsOf(seller), [])
  })

  it('refunds once when it is run twice, or twice at once', async () => {
    const { account } = await pay()
    await Promise.all([seller.stripe402.refund(account.clientId), seller.stripe402.refund(account.clientId)])
    assert.deepEqual((await seller.stripe402.refund(account.clientId)).parts, [])
    assert.deepEqual(refundsOf(seller), [500])
    await assertSound(account)
  })

  it('returns an amount once per order, even from a payment that the order had refunded in part', async () => {
    const { account } = await pay()
    const dollar = { currency: 'usd', units: 10_000 }
    const refund = (order: string, units = dollar.units): Promise<RefundReport> =>
      seller.stripe402.refund(account.clientId, { amount: { ...dollar, units, order } })
    assert.equal((await refund('lunch')).order, 'lunch')
    assert.deepEqual((await refund('lunch')).parts, [])
    await refund('dinner')
    await Promise.all([refund('tea'), refund('tea')])
    await refund('lunch', 15_000)
    assert.deepEqual(refundsOf(seller), [100, 100, 100, 50])
    await assertSound(account)
  })

  it('does not begin an order that another run of it has changed since this one looked', async () => {
    const { account } = await pay()
    const refund = (): Promise<RefundReport> =>
      seller.stripe402.refund(account.clientId, { amount: { currency: 'usd', units: 30_000, order: 'once' } })
    const { account: read } = seller.store
    seller.store.account = async (key) => {
      seller.store.account = read
      await refund()
      nowMs += 60_000
      return read.call(seller.store, key)
    }
    assert.deepEqual(
      (await refund()).parts.map(({ result, reason }) => [result, reason]),
      [['interrupted', 'earlier_run']],
    )
    assert.deepEqual(refundsOf(seller), [300])
    await assertSound(account)
  })

  it('returns an amount once when neither the answer nor the list came, and it is run again', async () => {
    const { account } = await pay()
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
    nowMs += 600_000
    const second = await refund()
    assert.deepEqual([second.isCertain, second.parts], [true, []])
    assert.deepEqual(refundsOf(seller), [100])
    await assertSound(account)
  })

  it('tries an order again where its refund failed', async () => {
    const { account } = await pay('pm_card_refundFail')
    const amount = { currency: 'usd', units: 10_000, order: 'once' }
    await seller.stripe402.refund(account.clientId, { amount })
    const [failed] = seller.stripeLocal.state.refunds()
    assert(failed)
    seller.stripeLocal.settleRefund(failed.id)
    await seller.stripe402.refund(account.clientId, { amount })
    assert.deepEqual(refundsOf(seller), [100, 100])
    await assertSound(account)
  })

  it.each(['', 'two words', 'x'.repeat(65)])('refuses the order "%s"', async (order) => {
    const { account } = await pay()
    const amount = { currency: 'usd', units: 10_000, order }
    await assert.rejects(seller.stripe402.refund(account.clientId, { amount }), { code: 'invalid_input' })
  })

  it('refunds again what a refund that failed did not return', async () => {
    const { account } = await pay('pm_card_refundFail')
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
    await assertSound(account)
  })

  it('lets nobody spend what is about to go back, and calls nobody frozen for it', async () => {
    const { account } = await pay()
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
      runtime: { now: () => nowMs },
    })
    await watched.stripe402.refund(account.clientId)
    assert.deepEqual(new Set(answers), new Set(['insufficient']))
    assert.deepEqual(refundsOf(seller), [500])
    await assertSound(account)
  })

  it('says why a disputed payment stays, and goes on with the next one', async () => {
    const { account, paymentIntentId: first } = await pay()
    const { paymentIntentId: second } = await pay()
    seller.stripeLocal.dispute(second)
    const report = await seller.stripe402.refund(account.clientId)
    assert.deepEqual(shortly(report.parts), [
      [second, 50_000, 'refused', 'charge_disputed'],
      [first, 50_000, 'refunded', null],
    ])
    await seller.stripe402.reconcile()
    await assertSound(account)
  })

  it('returns nothing of an account that a dispute has frozen', async () => {
    const { account, paymentIntentId } = await pay()
    await pay()
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
    const { account } = await pay()
    const { store, stripeLocal } = seller
    const rotated = openSeller({ stripeLocal, store, secret: 'another secret of this seller, 32 bytes' })
    const report = await rotated.stripe402.refund(account.clientId)
    assert.deepEqual(
      report.parts.map(({ reason }) => reason),
      ['unknown_issuer'],
    )
    assert.deepEqual(refundsOf(seller), [])
  })

  it('counts a refund whose answer was lost, because the list of refunds has it', async () => {
    const { account } = await pay()
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
    await assertSound(account)
  })

  it('says that it does not know while Stripe does not, keeps the units, and finds out when it is run again', async () => {
    const { account } = await pay()
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
    nowMs += 600_000
    const again = await seller.stripe402.refund(account.clientId)
    // Stripe keeps a 500 under its key for a day; that it took nothing shows in its list.
    assert.equal(again.isCertain, false)
    nowMs += 86_400_000
    assert.equal((await seller.stripe402.refund(account.clientId)).isCertain, true)
    assert.deepEqual(refundsOf(seller), [500])
    await assertSound(account)
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
      let nowMs = Date.UTC(2026, 0, 1)
      const clock = (): number => nowMs
      const seller = openSeller({
        stripeOptions: { clock },
        store: new MemoryStore({ clock }),
        runtime: { now: clock },
      })
      const { account } = await seller.topUp()
      const crashing = openSeller({
        stripeLocal: seller.stripeLocal,
        store: crashingStore(seller.store, step, when),
        runtime: { now: clock },
      })
      if (step === 'refund') crashAtStripe(crashing, when)
      await assert.rejects(crashing.stripe402.refund(account.clientId), { message: 'crash' })

      for (const { payload, signature } of first === 'webhook' ? moneyEvents(seller) : [])
        assert.equal((await seller.stripe402.webhook(payload, signature)).status, 200)
      const early = await seller.stripe402.refund(account.clientId)
      nowMs += 600_000
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
