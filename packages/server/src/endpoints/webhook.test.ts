import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { moneyEvents, sumsAtStripe, sumsIn } from '../debits/money-history.fixture.js'
import { openSeller, type Seller } from '../seller.fixture.js'
import { MemoryStore, StoreUnavailableError } from '../store/index.js'

/** Delivers every event about money so far; the statuses of the answers. */
async function deliverAll(seller: Seller, to: Seller = seller): Promise<number[]> {
  const statuses: number[] = []
  for (const { payload, signature } of moneyEvents(seller))
    statuses.push((await to.stripe402.webhook(payload, signature)).status)
  return statuses
}

describe('answerWebhook', () => {
  it('takes back what was refunded, and gives back what a failed refund did not return', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp({
      paymentMethodId: 'pm_card_refundFail',
      topUpAmount: 50_000,
    })
    const refund = seller.stripeLocal.refund(paymentIntentId, { amountMinor: 200 })
    await deliverAll(seller)
    assert.deepEqual(await sumsIn(seller.store, account), {
      credited: 50_000,
      debited: 20_000,
      available: 30_000,
      frozen: false,
    })
    seller.stripeLocal.settleRefund(refund.id)
    await deliverAll(seller)
    assert.equal((await seller.store.account(account)).available, 50_000)
    assert.deepEqual(
      (await seller.store.history(account, { limit: 10 })).map(({ kind, units, reference }) => [
        kind,
        units,
        reference,
      ]),
      [
        ['refund', 20_000, refund.id],
        ['refund', -20_000, refund.id],
        ['top_up', 50_000, paymentIntentId],
      ],
    )
  })

  it('freezes while the bank decides, takes what it withdrew and gives it back when the dispute is won', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    const dispute = seller.stripeLocal.dispute(paymentIntentId)
    await deliverAll(seller)
    assert.deepEqual(await sumsIn(seller.store, account), {
      credited: 50_000,
      debited: 50_000,
      available: 0,
      frozen: true,
    })
    seller.stripeLocal.closeDispute(dispute.id, 'won')
    await deliverAll(seller)
    assert.deepEqual(await sumsIn(seller.store, account), sumsAtStripe(seller.stripeLocal))
    assert.equal((await seller.store.account(account)).available, 50_000)
  })

  it('leaves an account in peace that an inquiry is about, until it becomes a dispute', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    const inquiry = seller.stripeLocal.dispute(paymentIntentId, { isInquiry: true })
    await deliverAll(seller)
    assert.equal((await seller.store.account(account)).available, 50_000)
    assert.equal((await seller.store.account(account)).frozen, false)
    seller.stripeLocal.escalateInquiry(inquiry.id)
    await deliverAll(seller)
    assert.equal((await seller.store.account(account)).available, 0)
    assert.equal((await seller.store.account(account)).frozen, true)
  })

  it('lets a lost dispute freeze only who owes something', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    const { id } = seller.stripeLocal.dispute(paymentIntentId)
    seller.stripeLocal.closeDispute(id, 'lost')
    await deliverAll(seller)
    assert.deepEqual(await sumsIn(seller.store, account), {
      credited: 50_000,
      debited: 50_000,
      available: 0,
      frozen: false,
    })
  })

  it('writes an account that this store has never seen, from any of its events', async () => {
    const before = openSeller()
    const { account, paymentIntentId } = await before.topUp()
    before.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    before.stripeLocal.dispute(paymentIntentId)
    for (const one of moneyEvents(before)) {
      const seller = openSeller({ stripeLocal: before.stripeLocal, store: new MemoryStore() })
      assert.equal((await seller.stripe402.webhook(one.payload, one.signature)).status, 200)
      const { credited, debited } = await seller.store.account(account)
      assert.equal(credited, 50_000)
      const expected = { payment_intent: 0, refund: 10_000, charge: 10_000, dispute: 40_000 }
      assert.equal(
        debited,
        Object.entries(expected).find(([name]) => name === one.event.data.object.object)?.[1],
      )
    }
  })

  it('has no effect with a forged signature', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    seller.stripeLocal.refund(paymentIntentId)
    for (const { payload } of moneyEvents(seller)) {
      const signature = seller.stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_guessed' })
      assert.equal((await seller.stripe402.webhook(payload, signature)).status, 400)
    }
    assert.equal((await seller.store.account(account)).debited, 0)
  })

  it('leaves alone the money of another seller on the same Stripe account', async () => {
    const other = openSeller({ secret: 'the secret of another seller, 32 bytes' })
    const { account, paymentIntentId } = await other.topUp()
    other.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    other.stripeLocal.dispute(paymentIntentId)
    const seller = openSeller({ stripeLocal: other.stripeLocal })
    assert.deepEqual(new Set(await deliverAll(other, seller)), new Set([200]))
    assert.equal((await seller.store.audit()).accounts, 0)
    await deliverAll(other)
    assert.equal((await other.store.account(account)).debited, 50_000)
  })

  it('has nothing to do for an object that this Stripe account does not know', async () => {
    const elsewhere = openSeller()
    const { paymentIntentId } = await elsewhere.topUp()
    elsewhere.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    elsewhere.stripeLocal.dispute(paymentIntentId)
    const seller = openSeller()
    const statuses = await deliverAll(elsewhere, seller)
    assert.equal(statuses.length, 5)
    // A charge has no answer of its own: its refunds are listed.
    assert.deepEqual(
      statuses.filter((status) => status !== 200),
      [],
    )
    assert.equal((await seller.store.audit()).accounts, 0)
  })

  it('asks Stripe to send again what could not be read or written', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    seller.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    seller.stripeLocal.dispute(paymentIntentId)
    const events = moneyEvents(seller)
    const debits = events.filter(({ event }) => event.type !== 'payment_intent.succeeded')
    const debit = seller.store.debit.bind(seller.store)
    seller.store.debit = () => Promise.reject(new StoreUnavailableError('The store cannot be reached.'))
    for (const { payload, signature } of debits)
      assert.equal((await seller.stripe402.webhook(payload, signature)).status, 503)
    seller.store.debit = debit
    seller.stripeLocal.faults.add({ method: 'GET', kind: 'status', status: 400, times: 'always' })
    for (const { payload, signature } of events)
      assert.equal((await seller.stripe402.webhook(payload, signature)).status, 503)
    seller.stripeLocal.faults.clear()
    assert.equal((await seller.store.account(account)).debited, 0)
    await deliverAll(seller)
    assert.deepEqual(await sumsIn(seller.store, account), sumsAtStripe(seller.stripeLocal))
  })

  it('tells the seller of each change once, and names nobody', async () => {
    const seller = openSeller()
    const { account, paymentIntentId } = await seller.topUp()
    const refund = seller.stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
    await deliverAll(seller)
    await deliverAll(seller)
    const told = seller.events.filter(({ type }) => type === 'debited')
    assert.equal(told.length, 1)
    assert.deepEqual(
      told.map(({ type, ...rest }) => ({ ...rest, client: null })),
      [{ client: null, currency: 'usd', units: 10_000, reason: 'refund', id: refund.id }],
    )
    assert.equal(JSON.stringify(told).includes(account.clientId), false)
  })
})
