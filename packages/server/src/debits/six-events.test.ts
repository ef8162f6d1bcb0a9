import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import { MemoryStore, PostgresStore, RedisStore } from '../store/index.js'
import type { Store } from '../store.js'
import { openStore } from '../testing/open-store.js'
import { freeze, sumsAtStripe, sumsIn, webhookOver } from './money-history.fixture.js'
import { permutations, sixEvents } from './six-events.fixture.js'

const EXPECTED = { credited: 50_000, debited: 20_000, available: 30_000, frozen: false }

/** Each order on a store of its own; how the account ended in each. */
async function balancesOf(
  orders: number[][],
  makeStore: () => Promise<Store>,
  reads: 'as it was sent' | 'as it is now',
): Promise<Set<string>> {
  const { seller, account, events } = await sixEvents()
  assert.deepEqual(sumsAtStripe(seller.stripeLocal), EXPECTED)
  const frozen = freeze(seller)
  const balances = new Set<string>()
  for (const order of orders) {
    const store = await makeStore()
    const deliver = webhookOver(seller, store, reads === 'as it was sent' ? frozen : seller.stripe)
    for (const index of order) {
      const event = events[index]
      assert(event)
      frozen.show(event.event)
      assert.equal(await deliver(event), 200)
    }
    balances.add(JSON.stringify(await sumsIn(store, account)))
    assert.deepEqual((await store.audit()).breaks, [])
  }
  return balances
}

const ALL = permutations([0, 1, 2, 3, 4, 5])
/** One in thirty. */
const SOME = ALL.filter((_order, index) => index % 30 === 7)

describe('six events about money', () => {
  it.each(['as it was sent', 'as it is now'] as const)(
    'come to one balance in all 720 orders, each object read %s',
    async (reads) => {
      assert.equal(ALL.length, 720)
      const balances = await balancesOf(ALL, async () => new MemoryStore(), reads)
      assert.deepEqual([...balances], [JSON.stringify(EXPECTED)])
    },
    120_000,
  )
})

describe('six events about money, on a real store', () => {
  let redisServer: LocalServer
  let postgresServer: LocalServer
  let redis: Redis
  let pool: pg.Pool
  beforeAll(async () => {
    redisServer = await startRedis({ settings: { appendfsync: 'no' } })
    postgresServer = await startPostgres({ settings: { fsync: 'off' } })
    redis = new Redis(redisServer.url)
    pool = new pg.Pool({ connectionString: postgresServer.url })
    // A connection that the server ends while it is idle is not news.
    pool.on('error', () => {})
  }, 120_000)
  afterAll(async () => {
    redis.disconnect()
    await pool.end()
    await Promise.all([redisServer.stop(), postgresServer.stop()])
  })

  async function onRedis(): Promise<Store> {
    await redis.flushall()
    return opened(new RedisStore(redis))
  }

  let schemas = 0
  function onPostgres(): Promise<Store> {
    schemas += 1
    return opened(new PostgresStore(pool, { schema: `order_${schemas}` }))
  }

  it.each([
    ['Redis', onRedis],
    ['PostgreSQL', onPostgres],
  ] as const)(
    'come to one balance on %s',
    async (_name, makeStore) => {
      const balances = await balancesOf(SOME, makeStore, 'as it was sent')
      assert.deepEqual([...balances], [JSON.stringify(EXPECTED)])
    },
    120_000,
  )
})

async function opened(store: Store): Promise<Store> {
  await openStore(store)
  return store
}
