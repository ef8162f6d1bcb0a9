import assert from 'node:assert/strict'
import { openSeller, type Seller } from '../seller.fixture.js'
import type { AccountKey } from '../store.js'
import { moneyEvents, type SignedEvent } from './money-history.fixture.js'

/** A payment, a refund that fails, one that does not, and a dispute that takes the rest and gives it back. */
export async function sixEvents(): Promise<{ seller: Seller; account: AccountKey; events: SignedEvent[] }> {
  const seller = openSeller()
  const { stripeLocal } = seller
  const { account, paymentIntentId } = await seller.topUp({
    paymentMethodId: 'pm_card_refundFail',
    topUpAmount: 50_000,
  })
  const failing = stripeLocal.refund(paymentIntentId, { amountMinor: 100 })
  stripeLocal.settleRefund(failing.id)
  stripeLocal.refund(paymentIntentId, { amountMinor: 200 })
  const dispute = stripeLocal.dispute(paymentIntentId)
  stripeLocal.closeDispute(dispute.id, 'won')
  const wanted = [
    'payment_intent.succeeded',
    'refund.created',
    'refund.failed',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
  ]
  const events = moneyEvents(seller).filter(({ event }) => wanted.includes(event.type))
  assert.equal(events.length, 6)
  return { seller, account, events }
}

/** Every order of some things. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((first, index) =>
    permutations(items.filter((_item, at) => at !== index)).map((rest) => [first, ...rest]),
  )
}
