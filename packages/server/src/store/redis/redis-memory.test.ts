import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import type { AccountKey, HoldRequest } from '../../store.js'
import { holdOf, someAccount, termsOf } from '../../testing/contract/subject.js'
import { openStore } from '../../testing/open-store.js'
import { BlankStoreError } from '../store-error.js'
import { RedisStore } from './redis-store.js'

const AT_ONCE = 100

let server: LocalServer
let redis: Redis
let store: RedisStore
beforeAll(async () => {
  // On a busy machine the log of slow commands would fill up meanwhile; it has an end of its own.
  const settings = { appendfsync: 'everysec', 'slowlog-log-slower-than': '-1' }
  server = await startRedis({ settings })
  redis = new Redis(server.url)
  store = new RedisStore(redis, { historyLimit: 100, logger: { warn() {} } })
  await openStore(store)
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

/** Pays for so many requests, whose ids are remembered for a moment only. */
async function spend(key: AccountKey, count: number): Promise<void> {
  for (let paid = 0; paid < count; paid += AT_ONCE) {
    const wishes = Array.from({ length: AT_ONCE }, () => holdOf(key, { units: 1, rememberMs: 1 }))
    await Promise.all(wishes.map((wish) => store.hold(wish)))
    await store.capture(wishes.map((wish) => ({ ...wish, units: 1 })))
  }
}

/** What Redis uses once what expires has expired, by its own clock. */
async function restingMemory(): Promise<number> {
  while (!/^db0:.*,expires=0,/m.test(await redis.info('keyspace')));
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
}

describe('the memory of Redis', () => {
  it('is after 20,000 paid requests within 5 % of what it was after 2,000', async () => {
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: 'pi_memory', units: 100_000, purchaseId: null })
    await spend(key, 2000)
    const before = await restingMemory()
    await spend(key, 18_000)
    const after = await restingMemory()
    assert.equal((await store.account(key)).spent, 20_000)
    assert.ok(Math.abs(after / before - 1) < 0.05, `${before} bytes became ${after}`)
  })

  it('knows of no purchase that was never opened, however often a card was sent along', async () => {
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: 'pi_enough', units: 1000, purchaseId: null })
    const answers: string[] = []
    const ask = async (wish: HoldRequest | null): Promise<void> => {
      answers.push((await store.prepareTopUp(termsOf(key), wish)).type)
    }
    const held = holdOf(key)
    await ask(held)
    await ask({ ...held, fingerprint: 'GET /api/other' })
    await ask(holdOf(key, { units: 2000 }))
    await ask(holdOf(key, { units: 2000 }))
    await ask(null)
    assert.deepEqual(answers, ['sufficient', 'conflict', 'prepared', 'busy', 'busy'])
    assert.equal((await redis.keys('s402:purchase:*')).length, 1)

    await redis.flushall()
    await assert.rejects(ask(holdOf(key)), BlankStoreError)
    assert.deepEqual(await redis.keys('s402:purchase:*'), [])
    await openStore(store)
  })
})
