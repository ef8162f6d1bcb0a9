import assert from 'node:assert/strict'
import type Stripe from 'stripe'
import { beforeAll, describe, it } from 'vitest'
import { openSeller } from '../seller.fixture.js'
import { someAccount } from '../testing/contract/subject.js'
import { disputeDebit } from './dispute-debit.js'

describe('disputeDebit', () => {
  const account = someAccount()
  const intent = { amount_received: 500, currency: 'usd' }
  let withdrawn: Stripe.Dispute
  let reinstated: Stripe.Dispute
  beforeAll(async () => {
    const seller = openSeller()
    const { id } = seller.stripeLocal.dispute((await seller.topUp()).paymentIntentId)
    withdrawn = await seller.stripe.disputes.retrieve(id)
    seller.stripeLocal.closeDispute(id, 'won')
    reinstated = await seller.stripe.disputes.retrieve(id)
  })

  /** The same dispute in another state, after so many movements of money. */
  function disputeOf(
    status: string,
    movements: number,
    changes: Partial<Stripe.Dispute> = {},
  ): Stripe.Dispute {
    const balance_transactions = reinstated.balance_transactions.slice(0, movements)
    return { ...withdrawn, status, balance_transactions, ...changes }
  }

  // In the order in which a dispute may live through them; what stands side by side may follow each other both ways.
  it.each([
    ['warning_needs_response', 0, 0, 0, false],
    ['warning_under_review', 0, 0, 0, false],
    ['warning_closed', 0, 0, 0, false],
    ['needs_response', 0, 1, 0, true],
    ['lost', 0, 2, 0, false],
    ['won', 0, 3, 0, false],
    ['needs_response', 1, 5, 50_000, true],
    ['under_review', 1, 5, 50_000, true],
    ['lost', 1, 6, 50_000, false],
    ['appeal_needs_response', 1, 6, 50_000, false],
    ['appeal_under_review', 1, 6, 50_000, false],
    ['a status of next year', 1, 6, 50_000, false],
    ['won', 1, 7, 50_000, false],
    ['prevented', 1, 7, 50_000, false],
    ['won', 2, 11, 0, false],
  ])('of one that is %s after %i movements has rank %i, takes %i and freezes: %s', (...row) => {
    const [status, movements, rank, units, freezes] = row
    const dispute = disputeOf(status, movements)
    assert.deepEqual(disputeDebit(dispute, intent, account), {
      ...account,
      debitId: dispute.id,
      rank,
      units,
      freezes,
      reason: 'dispute',
    })
  })

  it('leaves the fee of a dispute to the seller', () => {
    assert.equal(withdrawn.balance_transactions[0]?.fee, 1500)
    assert.equal(disputeDebit(withdrawn, intent, account).units, 50_000)
  })

  it('takes what is disputed when the movements are in the currency that the seller is paid in', () => {
    const [out, back] = reinstated.balance_transactions
    assert(out && back)
    const inEuros = [
      { ...out, amount: -463, currency: 'eur' },
      { ...back, amount: 471, currency: 'eur' },
    ]
    const taken = { ...withdrawn, amount: 400, balance_transactions: inEuros.slice(0, 1) }
    assert.equal(disputeDebit(taken, intent, account).units, 40_000)
    assert.equal(disputeDebit({ ...taken, balance_transactions: inEuros }, intent, account).units, 0)
  })

  it('takes the same part of a charge that was made in another currency', () => {
    const inEuros = { ...withdrawn, amount: 231, currency: 'eur', balance_transactions: [] }
    const half = withdrawn.balance_transactions.map((out) => ({ ...out, amount: -115.5, currency: 'eur' }))
    const dispute = { ...inEuros, balance_transactions: half }
    assert.equal(disputeDebit(dispute, intent, account).units, 25_000)
    assert.equal(disputeDebit(inEuros, intent, account).units, 0)
  })

  it.each([
    ['warning_needs_response', 0],
    ['needs_response', 50_000],
    ['lost', 50_000],
    ['won', 0],
  ])('goes by the status %s alone for a key that may not see the movements', (status, units) => {
    const { balance_transactions: _hidden, ...rest } = withdrawn
    const dispute: Stripe.Dispute = Object.assign({ ...withdrawn }, rest, { status })
    Reflect.deleteProperty(dispute, 'balance_transactions')
    assert.equal(disputeDebit(dispute, intent, account).units, units)
  })
})
