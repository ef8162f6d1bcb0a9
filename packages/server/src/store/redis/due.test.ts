import assert from 'node:assert/strict'
import { isClientId } from '@stripe402/core'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import type { AccountKey, Purchase } from '../../store.js'
import { someAccount, termsOf } from '../../testing/contract/subject.js'
import { openStore } from '../../testing/open-store.js'
import { RedisStore } from './redis-store.js'

const AT_ONCE = 500
const OPEN = 10_000
const PAGE = 1000

let server: LocalServer
let redis: Redis
let store: RedisStore
beforeAll(async () => {
  server = await startRedis({ settings: { appendfsync: 'no' } })
  redis = new Redis(server.url)
  store = new RedisStore(redis, { logger: { warn() {} } })
  await openStore(store)
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

function accountIn(shard: string): AccountKey {
  const { clientId, currency } = someAccount()
  const moved = shard + clientId.slice(shard.length)
  assert(isClientId(moved))
  return { clientId: moved, currency }
}

/** Purchases that Redis has read since the statistics were reset: each is one HMGET. */
async function countReads(): Promise<number> {
  return Number(/^cmdstat_hmget:calls=(\d+)/m.exec(await redis.info('commandstats'))?.[1] ?? 0)
}

describe('duePurchases', () => {
  it('reads 10,000 open purchases about twice on the way through all pages, each in its place once', async () => {
    const opened: string[] = []
    while (opened.length < OPEN) {
      const terms = Array.from({ length: AT_ONCE }, () => termsOf(someAccount()))
      await Promise.all(terms.map((each) => store.prepareTopUp(each, null)))
      opened.push(...terms.map(({ purchaseId }) => purchaseId))
    }
    await redis.config('RESETSTAT')
    const due: Purchase[] = []
    for (let page: Purchase[] | null = null; page === null || page.length === PAGE; due.push(...page))
      page = await store.due({ idleMs: 0, limit: PAGE, after: due.at(-1) })
    assert.deepEqual(due.map(({ purchaseId }) => purchaseId).sort(), opened.sort())
    assert(due.every((each, at) => each.updatedAtMs >= (due[at - 1]?.updatedAtMs ?? 0)))
    const reads = await countReads()
    assert.ok(reads < 2.5 * OPEN, `${reads} reads`)
  }, 120_000)

  it('finds all of one shard, whose share of a page is small', async () => {
    await redis.flushall()
    await openStore(store)
    const all = Array.from({ length: 60 }, () => termsOf(accountIn('ab')))
    for (const terms of all) await store.prepareTopUp(terms, null)
    const page = await store.due({ idleMs: 0, limit: 50 })
    const next = await store.due({ idleMs: 0, limit: 50, after: page.at(-1) })
    assert.equal(page.length, 50)
    const found = [...page, ...next].map(({ purchaseId }) => purchaseId)
    assert.deepEqual(found.sort(), all.map(({ purchaseId }) => purchaseId).sort())
  })
})
