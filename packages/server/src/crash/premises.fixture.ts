import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { isPurchaseId, type PurchaseId } from '@stripe402/core'
import type { StripeLocal } from '@stripe402/stripe-local'
import { Redis } from 'ioredis'
import { type LocalServer, startRedis } from '../../../../scripts/local-servers.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import type { Store } from '../store.js'

/** What every buyer buys with. */
export const CARD = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 } as const

/** Redis servers, connections and shops of one test. */
export interface Premises {
  startServer(settings?: Record<string, string>): Promise<LocalServer>
  connect(server: LocalServer): Redis
  /** A shop's process over that store; several may share a store and a Stripe. */
  sell(store: Store, stripeLocal: StripeLocal): Seller
  /** Closes and stops all of it, the latest first. */
  leave(): Promise<void>
}

/** Gives a test a place to set up. */
export function premises(): Premises {
  const undo: (() => Promise<unknown> | unknown)[] = []
  return {
    async startServer(settings = {}) {
      const server = await startRedis({ settings: { 'repl-diskless-sync-delay': '0', ...settings } })
      undo.push(() => server.stop())
      return server
    },
    connect(server) {
      const redis = new Redis(server.url)
      redis.on('error', () => {})
      undo.push(() => redis.disconnect())
      return redis
    },
    sell(store, stripeLocal) {
      const seller = openSeller({ store, stripeLocal, takeOverMs: 20, waitMs: 100 })
      undo.push(() => seller.stripe402.close())
      return seller
    },
    async leave() {
      for (const step of undo.splice(0).reverse()) await step()
    },
  }
}

/** A purchase id that nobody has used. */
export function newPurchaseId(): PurchaseId {
  const id = randomUUID()
  assert(isPurchaseId(id))
  return id
}

/** The status that a top-up is answered with. */
export async function statusOfTopUp({ stripe402 }: Seller, purchaseId = newPurchaseId()): Promise<number> {
  return (await stripe402.topUp(requestWith({ ...CARD, purchaseId }))).status
}

/** How many charges Stripe has taken. */
export function chargesOf({ state }: StripeLocal): number {
  return state.charges().filter(({ paid }) => paid).length
}

/** Everything that was ever credited, in units, in a store that is sound. */
export async function creditedIn(store: Store): Promise<number> {
  const { breaks, totals } = await store.audit()
  assert.deepEqual(breaks, [])
  return totals.usd?.credited ?? 0
}
