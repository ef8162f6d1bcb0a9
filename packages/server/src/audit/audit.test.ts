import assert from 'node:assert/strict'
import { describe, it, vi } from 'vitest'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { holdOf, someAccount, termsOf } from '../testing/contract/subject.js'
import type { FullAuditReport } from './audit.js'

/** Judges at once, for a test leaves nothing in flight unless it says so. */
function auditNow({ stripe402 }: Seller): Promise<FullAuditReport> {
  return stripe402.audit({ settleMs: 0 })
}

/** A seller whose every kind of money has moved, and everything is written down. */
async function openBusy(): Promise<Seller & { paid: Awaited<ReturnType<Seller['topUp']>> }> {
  const seller = openSeller()
  const paid = await seller.topUp({ paymentMethodId: 'pm_card_refundFail', topUpAmount: 50_000 })
  const { stripeLocal } = seller
  stripeLocal.settleRefund(stripeLocal.refund(paid.paymentIntentId, { amountMinor: 100 }).id)
  stripeLocal.refund(paid.paymentIntentId, { amountMinor: 200 })
  stripeLocal.dispute(paid.paymentIntentId)
  await seller.topUp()
  await seller.stripe402.reconcile()
  return { ...seller, paid }
}

describe('audit', () => {
  it('finds nothing wrong where everything is written down, and adds up both sides', async () => {
    const seller = await openBusy()
    const report = await auditNow(seller)
    assert.deepEqual(report.breaks, [])
    assert.deepEqual(report.stripe, { usd: { charged: 100_000, refunded: 20_000, disputed: 30_000 } })
    assert.equal(report.accounts, 2)
    assert.equal(report.totals.usd?.credited, 100_000)
    assert.equal(report.totals.usd?.debited, 50_000)
    assert.equal(report.inFlight, 0)
  })

  it('compares a dispute whose movements of money its key may not see', async () => {
    const seller = openSeller()
    const { paymentIntentId } = await seller.topUp()
    seller.stripeLocal.dispute(paymentIntentId)
    const { disputes } = seller.stripe
    const retrieve = disputes.retrieve.bind(disputes)
    vi.spyOn(disputes, 'retrieve').mockImplementation(async (...args) => {
      const dispute = await retrieve(...args)
      Reflect.deleteProperty(dispute, 'balance_transactions')
      return dispute
    })
    const { breaks } = await auditNow(seller)
    assert.deepEqual(
      breaks.map(({ rule }) => rule),
      ['debited_differently'],
    )
  })

  it('finds what nobody has swept: units held for ever, and a purchase that nobody finished', async () => {
    let nowMs = Date.UTC(2026, 0, 1)
    const clock = (): number => nowMs
    const store = new MemoryStore({ clock })
    const seller = openSeller({ stripeOptions: { clock }, store, runtime: { now: clock } })
    const { account } = await seller.topUp()
    await store.hold(holdOf(account, { holdMs: 60_000 }))
    const { purchaseId } = termsOf(account)
    await store.prepareTopUp(termsOf(account, { purchaseId }), null)
    assert.deepEqual((await auditNow(seller)).breaks, [])
    nowMs += 365 * 86_400_000
    const { breaks } = await auditNow(seller)
    assert.deepEqual(
      breaks.map(({ rule, account: { clientId } }) => [rule, clientId]),
      [
        ['hold_outlived', account.clientId],
        ['purchase_stuck', account.clientId],
      ],
    )
    assert.match(breaks[1]?.detail ?? '', new RegExp(`${purchaseId} is prepared for 8760 hours`))
    await store.releaseExpired(10)
    assert.equal((await seller.stripe402.audit({ isLocal: true })).breaks.length, 1)
  })

  it('finds a payment that is not credited, and names it', async () => {
    const before = openSeller()
    const { account, paymentIntentId } = await before.topUp()
    const seller = openSeller({ stripeLocal: before.stripeLocal, store: new MemoryStore() })
    const { breaks } = await auditNow(seller)
    assert.deepEqual(breaks, [
      {
        rule: 'charged_not_credited',
        account,
        detail: `charged 50000, credited 0 (${paymentIntentId})`,
      },
    ])
  })

  it('finds credit that nobody paid for, with an account at Stripe and without', async () => {
    const seller = await openBusy()
    const stranger = someAccount()
    for (const key of [seller.paid.account, stranger])
      await seller.store.credit({
        ...key,
        paymentIntentId: `pi_free_${key.currency}`,
        units: 5,
        purchaseId: null,
      })
    const { breaks } = await auditNow(seller)
    assert.deepEqual(
      breaks.map(({ rule, account }) => [rule, account]),
      [
        ['credited_not_charged', seller.paid.account],
        ['credited_not_charged', stranger],
      ],
    )
    for (const { detail } of breaks) assert.match(detail, /pi_free_usd.*SERVER_SECRET/)
  })

  it('finds a refund and a dispute that are not debited', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    const refund = seller.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    const dispute = seller.stripeLocal.dispute(paymentIntentId)
    const { breaks } = await auditNow(seller)
    assert.deepEqual(breaks, [
      {
        rule: 'debited_differently',
        account,
        detail: `refunded and disputed 50000, debited 0 (${refund.id}, ${dispute.id})`,
      },
    ])
  })

  it('finds an account that stays frozen after its dispute is over, until that is written down', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    const { id } = seller.stripeLocal.dispute(paymentIntentId)
    await seller.stripe402.reconcile()
    assert.deepEqual((await auditNow(seller)).breaks, [])
    seller.stripeLocal.closeDispute(id, 'lost')
    assert.deepEqual((await auditNow(seller)).breaks, [
      { rule: 'frozen_differently', account, detail: 'frozen here, by no open dispute' },
    ])
    await seller.stripe402.reconcile()
    assert.deepEqual((await auditNow(seller)).breaks, [])
    assert.equal((await seller.store.account(account)).disputed, false)
  })

  it('finds a debit that nothing at Stripe stands for', async () => {
    const seller = await openBusy()
    const debit = { debitId: 're_x', rank: 1, units: 7, freezes: false, reason: 'refund' } as const
    await seller.store.debit({ ...seller.paid.account, ...debit })
    assert.deepEqual(
      (await auditNow(seller)).breaks.map(({ rule }) => rule),
      ['debited_differently'],
    )
  })

  it('finds a purchase that two payments stand for, until one of them is refunded', async () => {
    const seller = openSeller()
    const { paymentIntentId } = await seller.topUp()
    const first = await seller.stripe.paymentIntents.retrieve(paymentIntentId)
    const second = await seller.stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      allowed_payment_method_types: ['card'],
      metadata: first.metadata,
    })
    await seller.stripe402.reconcile()
    const { breaks } = await auditNow(seller)
    assert.deepEqual(
      breaks.map(({ rule }) => rule),
      ['paid_twice'],
    )
    assert.match(breaks[0]?.detail ?? '', new RegExp(`${first.metadata.purchaseId}.*${second.id}`))
    seller.stripeLocal.refund(second.id)
    await seller.stripe402.reconcile()
    assert.deepEqual((await auditNow(seller)).breaks, [])
  })

  it('looks at the store alone when told to', async () => {
    const seller = openSeller()
    const { paymentIntentId } = await seller.topUp()
    seller.stripeLocal.refund(paymentIntentId)
    const asked = seller.stripeLocal.log.entries.length
    const report = await seller.stripe402.audit({ isLocal: true })
    assert.deepEqual(report.breaks, [])
    assert.equal(report.stripe, null)
    assert.equal(seller.stripeLocal.log.entries.length, asked)
  })

  it('says nothing about another seller on the same Stripe account', async () => {
    const other = openSeller({ secret: 'the secret of another seller, 32 bytes' })
    await other.topUp()
    assert.deepEqual((await auditNow(openSeller({ stripeLocal: other.stripeLocal }))).breaks, [])
  })

  it('tells how far it is', async () => {
    const seller = await openBusy()
    const told: string[] = []
    await seller.stripe402.audit({ settleMs: 0, onProgress: (step, seen) => told.push(`${step} ${seen}`) })
    assert.deepEqual(told, [
      'payments 1',
      'payments 2',
      'refunds 1',
      'refunds 2',
      'disputes 1',
      'accounts 1',
      'accounts 2',
    ])
  })
})

describe('audit beside traffic', () => {
  let nowMs = Date.UTC(2026, 0, 1)

  /** A seller whose audit waits for what the test does meanwhile. */
  function openWaiting(meanwhile: (seller: Seller) => Promise<unknown>): Seller {
    const seller: Seller = openSeller({
      stripeOptions: { clock: () => nowMs },
      runtime: { now: () => nowMs, sleep: async () => void (await meanwhile(seller)) },
    })
    return seller
  }

  it('takes what arrives while it waits for no break', async () => {
    let waited = 0
    const seller = openWaiting(async ({ stripe402 }) => {
      waited += 1
      await stripe402.reconcile()
    })
    const { paymentIntentId } = await seller.topUp()
    seller.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    nowMs += 30_000
    const report = await seller.stripe402.audit()
    assert.deepEqual([report.breaks, report.inFlight, waited], [[], 0, 1])
  })

  it('counts what happened within a minute as in flight, and as a break later', async () => {
    const seller = openWaiting(async () => {})
    const { paymentIntentId } = await seller.topUp()
    nowMs += 3_600_000
    seller.stripeLocal.dispute(paymentIntentId)
    nowMs += 30_000
    const early = await seller.stripe402.audit()
    assert.deepEqual([early.breaks, early.inFlight], [[], 1])
    nowMs += 60_000
    const late = await seller.stripe402.audit()
    assert.deepEqual([late.breaks.map(({ rule }) => rule), late.inFlight], [['debited_differently'], 0])
  })

  it('counts money that an old dispute has just given back as in flight', async () => {
    const seller = openWaiting(async () => {})
    const { id } = seller.stripeLocal.dispute((await seller.topUp()).paymentIntentId)
    await seller.stripe402.reconcile()
    nowMs += 3_600_000
    seller.stripeLocal.closeDispute(id, 'won')
    nowMs += 30_000
    const report = await seller.stripe402.audit()
    assert.deepEqual([report.breaks, report.inFlight], [[], 1])
  })

  it('sees a payment that was begun long before, and whose bank says yes while it reads', async () => {
    const seller = openWaiting(async () => {})
    const paymentMethodId = 'pm_card_authenticationRequired'
    await seller.stripe402.topUp(requestWith({ paymentMethodId, topUpAmount: 50_000 }))
    const [intent] = seller.stripeLocal.state.paymentIntents()
    assert.equal(intent?.status, 'requires_action')
    nowMs += 600_000
    const { audit } = seller.store
    seller.store.audit = async (visit) => {
      seller.stripeLocal.authenticate(intent.id, 'approve')
      await seller.stripe402.reconcile()
      return audit.call(seller.store, visit)
    }
    const { breaks, totals } = await auditNow(seller)
    assert.deepEqual(breaks, [])
    assert.equal(totals.usd?.credited, 50_000)
  })

  it('sees a payment that is made and credited while it reads', async () => {
    const seller = openSeller()
    await seller.topUp()
    const { audit } = seller.store
    seller.store.audit = async (visit) => {
      await seller.topUp()
      return audit.call(seller.store, visit)
    }
    assert.deepEqual((await auditNow(seller)).breaks, [])
  })
})
