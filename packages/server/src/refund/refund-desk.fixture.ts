import assert from 'node:assert/strict'
import { openSeller, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import type { AccountKey } from '../store.js'
import { captureOne, holdOf } from '../testing/contract/subject.js'
import type { RefundedPart } from './refund-client.js'

/** A seller whose store and Stripe have one clock, and what tests of refunds do there. */
export interface RefundDesk {
  seller: Seller
  now(): number
  pass(ms: number): void
  /** A second passes between two payments, so that one is the later. */
  pay(paymentMethodId?: string): ReturnType<Seller['topUp']>
  spend(account: AccountKey, units: number): Promise<void>
  /** Whether store and Stripe agree, and nothing is held any more. */
  assertSound(account: AccountKey): Promise<void>
}

/** Opens one for a test. */
export function openRefundDesk(): RefundDesk {
  let nowMs = Date.UTC(2026, 0, 1)
  const now = (): number => nowMs
  const pass = (ms: number): void => {
    nowMs += ms
  }
  const seller = openSeller({
    stripeOptions: { clock: now },
    store: new MemoryStore({ clock: now }),
    runtime: { now },
  })
  return {
    seller,
    now,
    pass,
    async pay(paymentMethodId = 'pm_card_visa') {
      const paid = await seller.topUp({ paymentMethodId, topUpAmount: 50_000 })
      pass(1000)
      return paid
    },
    async spend(account, units) {
      const wish = holdOf(account, { units })
      await seller.store.hold(wish)
      assert.equal(await captureOne(seller.store, wish), 'captured')
    },
    async assertSound(account) {
      assert.deepEqual((await seller.stripe402.audit({ settleMs: 0 })).breaks, [])
      assert.equal((await seller.store.account(account)).held, 0)
    },
  }
}

/** What went back to cards, in the minor unit, oldest first. */
export function refundsOf({ stripeLocal }: Seller): number[] {
  return stripeLocal.state.refunds().map(({ amount }) => amount)
}

/** The parts of a refund in one line each. */
export function shortly(parts: readonly RefundedPart[]): unknown[] {
  return parts.map(({ paymentIntentId, units, result, reason }) => [paymentIntentId, units, result, reason])
}
