import assert from 'node:assert/strict'
import { createStripeLocal } from '@stripe402/stripe-local'
import { afterEach, describe, it } from 'vitest'
import { RedisStore, type RedisStoreOptions } from '../store/index.js'
import type { Store } from '../store.js'
import { someAccount } from '../testing/contract/subject.js'
import { startLoad } from './load.fixture.js'
import { CARD, chargesOf, creditedIn, newPurchaseId, premises, statusOfTopUp } from './premises.fixture.js'

const isLong = process.env.STRIPE402_CRASH === 'long'
const TOP_UPS = isLong ? 100 : 10

const { startServer, connect, sell, leave } = premises()
afterEach(leave)

describe('a Redis that is killed under load and starts again', () => {
  it('has all that it acknowledged, once', async () => {
    const server = await startServer()
    const store = new RedisStore(connect(server))
    const load = startLoad(
      store,
      Array.from({ length: 8 }, () => someAccount()),
      8,
    )
    for (let kills = 0; kills < (isLong ? 20 : 3); kills += 1) {
      await load.rounds(100)
      await server.kill()
      await server.restart()
    }
    await load.rounds(100)
    await load.stop()
    for (const [key, { credited, spent }] of load.acknowledged) {
      const account = await store.account(key)
      assert.deepEqual(
        { credited: account.credited, spent: account.spent, held: account.held },
        { credited, spent, held: 0 },
      )
    }
    assert.deepEqual((await store.audit()).breaks, [])
  }, 300_000)
})

describe('a failover to a replica that has not got the last writes', () => {
  /** A primary with a replica; `lose` keeps from the replica what is written from then on, and `fail` ends the primary. */
  async function startPair(options: RedisStoreOptions): Promise<{
    store: Store
    lose(): Promise<void>
    fail(): Promise<Store>
  }> {
    const primary = await startServer({ appendfsync: 'no' })
    const replica = await startServer({ appendfsync: 'no', replicaof: `127.0.0.1 ${primary.port}` })
    const redis = connect(primary)
    const standby = connect(replica)
    while (!/^slave0:.*state=online/m.test(await redis.info('replication')));
    return {
      store: new RedisStore(redis, options),
      // Nobody follows the primary any more, as when the network between them broke.
      async lose() {
        await redis.wait(1, 0)
        await standby.replicaof('NO', 'ONE')
      },
      async fail() {
        await primary.kill()
        return new RedisStore(standby)
      },
    }
  }

  it('loses credits without waitForReplicas, which the reconciler brings back and no retry charges for', async () => {
    const stripeLocal = createStripeLocal()
    const { store, lose, fail } = await startPair({})
    const seller = sell(store, stripeLocal)
    assert.equal(await statusOfTopUp(seller), 200)
    const { account } = await seller.topUp()
    await lose()
    const purchases = Array.from({ length: TOP_UPS }, newPurchaseId)
    for (const purchaseId of purchases) assert.equal(await statusOfTopUp(seller, purchaseId), 200)

    const after = await fail()
    const charges = chargesOf(stripeLocal)
    assert.equal(charges, TOP_UPS + 2)
    assert.equal(await creditedIn(after), 2 * CARD.topUpAmount, 'the rest is lost')
    const successor = sell(after, stripeLocal)
    // One asks again, the others have closed their tabs.
    assert.equal(await statusOfTopUp(successor, purchases[0]), 200)
    await successor.stripe402.reconcile()
    assert.equal(chargesOf(stripeLocal), charges)
    assert.equal(await creditedIn(after), charges * CARD.topUpAmount)
    assert.equal((await after.account(account)).available, charges * CARD.topUpAmount)
  }, 60_000)

  it('charges nobody with waitForReplicas: a purchase that is not safe is not begun', async () => {
    const stripeLocal = createStripeLocal()
    const { store, lose, fail } = await startPair({ waitForReplicas: { count: 1, timeoutMs: 500 } })
    const seller = sell(store, stripeLocal)
    assert.equal(await statusOfTopUp(seller), 200)
    await lose()
    const statuses = new Set<number>()
    for (let count = 0; count < TOP_UPS; count += 1) statuses.add(await statusOfTopUp(seller))
    assert.deepEqual([...statuses], [503])
    assert.equal(chargesOf(stripeLocal), 1)
    assert.equal(await creditedIn(await fail()), CARD.topUpAmount)
  }, 60_000)

  it('leaves a charge whose credit was not confirmed unknown, and credits it once afterwards', async () => {
    const stripeLocal = createStripeLocal()
    const { store, lose, fail } = await startPair({ waitForReplicas: { count: 1, timeoutMs: 500 } })
    // The network breaks while Stripe is asked.
    const breaking = new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return async (...args: unknown[]): Promise<unknown> => {
          if (name === 'credit') await lose()
          return Reflect.apply(member, target, args)
        }
      },
    })
    const purchaseId = newPurchaseId()
    assert.equal(await statusOfTopUp(sell(breaking, stripeLocal), purchaseId), 409)
    assert.equal(chargesOf(stripeLocal), 1)

    const after = await fail()
    assert.equal(await creditedIn(after), 0)
    const successor = sell(after, stripeLocal)
    await successor.stripe402.start()
    const insist = async (): Promise<number> => {
      const status = await statusOfTopUp(successor, purchaseId)
      return status === 409 ? insist() : status
    }
    assert.equal(await insist(), 200)
    await successor.stripe402.reconcile()
    assert.equal(chargesOf(stripeLocal), 1)
    assert.equal(await creditedIn(after), CARD.topUpAmount)
  }, 60_000)
})
