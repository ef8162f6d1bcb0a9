import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { sumsAtStripe, sumsIn } from '../debits/money-history.fixture.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'

const DAY_MS = 86_400_000

/** A payment of which a part was refunded and the rest is disputed. */
async function pastOf(seller: Seller): ReturnType<Seller['topUp']> {
  const paid = await seller.topUp()
  seller.stripeLocal.refund(paid.paymentIntentId, { amountMinor: 100 })
  seller.stripeLocal.dispute(paid.paymentIntentId)
  return paid
}

/** A seller whose Stripe and engine share a clock that tests move. */
function openWithClock(): { seller: Seller; pass(ms: number): void } {
  let nowMs = Date.UTC(2026, 0, 1)
  const seller = openSeller({ stripeOptions: { clock: () => nowMs }, runtime: { now: () => nowMs } })
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { seller, pass }
}

describe('reconcile', () => {
  it('writes down what no webhook told, names it, and finds nothing the second time', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await pastOf(seller)
    const report = await seller.stripe402.reconcile()
    assert.deepEqual(await sumsIn(seller.store, account), sumsAtStripe(seller.stripeLocal))
    const [refund] = seller.stripeLocal.state.refunds()
    const [dispute] = seller.stripeLocal.state.disputes()
    assert.deepEqual(report, {
      since: { payments: null, refunds: null, disputes: null },
      seen: { payments: 1, refunds: 1, disputes: 1 },
      repaired: { payments: 0, refunds: 1, disputes: 1 },
      repairs: [
        { kind: 'refunds', ...account, id: refund?.id, units: 10_000 },
        { kind: 'disputes', ...account, id: dispute?.id, units: 40_000 },
      ],
      cancelled: [],
      isRebuilt: false,
    })
    const again = await seller.stripe402.reconcile({ sinceMs: 0 })
    assert.deepEqual(again.repaired, { payments: 0, refunds: 0, disputes: 0 })
    assert.deepEqual(again.seen, { payments: 1, refunds: 1, disputes: 1 })
    assert.deepEqual(await seller.store.payments(account), [paymentIntentId])
  })

  it('credits a payment that this store has never heard of', async () => {
    const before = openSeller()
    const { account, paymentIntentId } = await before.topUp()
    const seller = openSeller({ stripeLocal: before.stripeLocal, store: new MemoryStore() })
    const report = await seller.stripe402.reconcile()
    assert.deepEqual(report.repairs, [{ kind: 'payments', ...account, id: paymentIntentId, units: 50_000 }])
    assert.equal((await seller.store.account(account)).available, 50_000)
  })

  it('reads every page', async () => {
    const before = openSeller()
    for (let count = 0; count < 101; count += 1) await before.topUp()
    const store = new MemoryStore()
    const seller = openSeller({ stripeLocal: before.stripeLocal, store })
    const seen: number[] = []
    const report = await seller.stripe402.reconcile({ onProgress: (_kind, count) => seen.push(count) })
    assert.equal(report.repaired.payments, 101)
    assert.equal(seen.at(-1), 101)
    assert.equal((await store.audit()).totals.usd?.credited, 101 * 50_000)
  })

  it('looks at what was made since the last run, and further back at what changes late', async () => {
    const { seller, pass } = openWithClock()
    const first = await pastOf(seller)
    const ranMs = seller.stripe402.settings.runtime.now()
    await seller.stripe402.reconcile()
    pass(100 * DAY_MS)
    // Told by nobody, and older than any look-back but the one for disputes.
    const [dispute] = seller.stripeLocal.state.disputes()
    assert(dispute)
    seller.stripeLocal.closeDispute(dispute.id, 'won')
    const report = await seller.stripe402.reconcile()
    const slackMs = 600_000
    assert.deepEqual(report.since, {
      payments: ranMs - slackMs - 3 * DAY_MS,
      refunds: ranMs - slackMs - 60 * DAY_MS,
      disputes: ranMs - slackMs - 180 * DAY_MS,
    })
    pass(100 * DAY_MS)
    await seller.stripe402.reconcile()
    pass(100 * DAY_MS)
    const last = await seller.stripe402.reconcile()
    assert.deepEqual(last.seen, { payments: 0, refunds: 0, disputes: 0 })
    assert.deepEqual(await sumsIn(seller.store, first.account), sumsAtStripe(seller.stripeLocal))
  })

  it('leaves the rest to the next run when it looked at a part', async () => {
    const { seller, pass } = openWithClock()
    await seller.stripe402.reconcile({ sinceMs: 0 })
    assert.equal(await seller.store.reconciledAt(), null)
    await seller.stripe402.reconcile()
    const ranMs = await seller.store.reconciledAt()
    pass(DAY_MS)
    await seller.stripe402.reconcile({ sinceMs: seller.stripe402.settings.runtime.now() })
    assert.equal(await seller.store.reconciledAt(), ranMs)
  })

  it('remembers no run that was stopped half way, and is run again', async () => {
    const seller = openSeller()
    const { account } = await pastOf(seller)
    seller.stripeLocal.faults.add({ path: '/v1/disputes', kind: 'status', status: 400 })
    await assert.rejects(seller.stripe402.reconcile())
    assert.equal(await seller.store.reconciledAt(), null)
    assert.equal((await seller.store.account(account)).debited, 10_000)
    await seller.stripe402.reconcile()
    assert.deepEqual(await sumsIn(seller.store, account), sumsAtStripe(seller.stripeLocal))
  })

  it('leaves alone the money of another seller on the same Stripe account', async () => {
    const other = openSeller({ secret: 'the secret of another seller, 32 bytes' })
    await pastOf(other)
    const seller = openSeller({ stripeLocal: other.stripeLocal })
    assert.deepEqual((await seller.stripe402.reconcile()).seen, { payments: 0, refunds: 0, disputes: 0 })
    assert.equal((await seller.store.audit()).accounts, 0)
  })

  it('counts once in three processes at once', async () => {
    const before = openSeller()
    const { account } = await pastOf(before)
    const store = new MemoryStore()
    store.wipe()
    const sellers = [1, 2, 3].map(() => openSeller({ stripeLocal: before.stripeLocal, store }))
    await Promise.all(sellers.map(({ stripe402 }) => stripe402.reconcile()))
    assert.deepEqual(await sumsIn(store, account), sumsAtStripe(before.stripeLocal))
    assert.deepEqual((await store.audit()).breaks, [])
  })
})

describe('reconcile of a blank store', () => {
  it('opens it only when everything is back, also when told to look at a part', async () => {
    const seller = openSeller()
    const { store } = seller
    assert(store instanceof MemoryStore)
    const { account } = await pastOf(seller)
    store.wipe()
    seller.stripeLocal.faults.add({ path: '/v1/disputes', kind: 'status', status: 400 })
    await assert.rejects(seller.stripe402.reconcile())
    assert.equal((await store.start()).type, 'blank')
    const report = await seller.stripe402.reconcile({ sinceMs: Date.now() + DAY_MS })
    assert.equal(report.isRebuilt, true)
    assert.deepEqual(report.since, { payments: null, refunds: null, disputes: null })
    assert.equal((await store.start()).type, 'ready')
    assert.deepEqual(await sumsIn(store, account), sumsAtStripe(seller.stripeLocal))
    assert.notEqual(await store.reconciledAt(), null)
  })

  it('lets the shop go on by itself', async () => {
    const seller = openSeller()
    const { store } = seller
    assert(store instanceof MemoryStore)
    await seller.topUp()
    store.wipe()
    const wish = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }
    assert.equal((await seller.stripe402.topUp(requestWith(wish))).status, 503)
    await seller.stripe402.reconcile()
    assert.equal((await seller.stripe402.topUp(requestWith(wish))).status, 200)
  })
})
