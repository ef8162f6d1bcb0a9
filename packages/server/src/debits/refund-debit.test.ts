import assert from 'node:assert/strict'
import { createStripeLocal } from '@stripe402/stripe-local'
import type Stripe from 'stripe'
import { describe, it } from 'vitest'
import { openSeller } from '../seller.fixture.js'
import { someAccount } from '../testing/contract/subject.js'
import { refundDebit } from './refund-debit.js'

async function someRefund(): Promise<Stripe.Refund> {
  const seller = openSeller({ stripeLocal: createStripeLocal() })
  return seller.stripeLocal.refund((await seller.topUp()).paymentIntentId, { amountMinor: 123 })
}

describe('refundDebit', () => {
  const account = someAccount()

  it.each([
    ['pending', 12_300, 1],
    ['requires_action', 12_300, 1],
    ['succeeded', 12_300, 1],
    ['failed', 0, 2],
    ['canceled', 0, 2],
    // What Stripe may add later counts until it is known to have come to nothing.
    ['reviewed', 12_300, 1],
    [null, 12_300, 1],
  ])('of one that is %s takes %i units, at rank %i', async (status, units, rank) => {
    const refund = { ...(await someRefund()), status }
    assert.deepEqual(refundDebit(refund, account), {
      ...account,
      debitId: refund.id,
      rank,
      units,
      freezes: false,
      reason: 'refund',
    })
  })

  it('counts in the currency that was charged', async () => {
    const refund = { ...(await someRefund()), currency: 'jpy' }
    assert.equal(refundDebit(refund, { ...account, currency: 'jpy' }).units, 1_230_000)
  })
})
