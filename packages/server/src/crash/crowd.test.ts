import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import { PostgresStore, RedisStore } from '../store/index.js'
import { MIGRATIONS } from '../store/postgres/sql.gen.js'
import type { Store } from '../store.js'
import { someAccount } from '../testing/contract/subject.js'
import { openStore } from '../testing/open-store.js'
import { type Bundle, bundle } from './bundle.fixture.js'
import { runCrowd } from './crowd.fixture.js'
import type { StoreAddress } from './job.fixture.js'

const SPENDS = process.env.STRIPE402_CRASH === 'long' ? 10_000 : 2000
const PROCESSES = 4
const TIMEOUT_MS = 300_000

describe('several processes over one store', () => {
  let redis: LocalServer
  let postgres: LocalServer
  let pool: pg.Pool
  let member: Bundle
  beforeAll(async () => {
    ;[redis, postgres, member] = await Promise.all([
      startRedis({ settings: { appendfsync: 'no' } }),
      startPostgres({ settings: { fsync: 'off' } }),
      bundle('crowd-member.fixture.ts'),
    ])
    pool = new pg.Pool({ connectionString: postgres.url })
    pool.on('error', () => {})
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await Promise.all([redis.stop(), postgres.stop(), member.remove()])
  })

  async function spendTogether(store: Store, address: StoreAddress): Promise<void> {
    const affordable = SPENDS / 2
    const key = someAccount()
    await openStore(store)
    await store.credit({ ...key, paymentIntentId: 'pi_1', units: affordable, purchaseId: null })
    const task = { address, key, spends: SPENDS / PROCESSES }
    const results = await runCrowd(
      member.file,
      Array.from({ length: PROCESSES }, () => task),
    )
    const sumOf = (what: 'held' | 'insufficient' | 'captured'): number =>
      results.reduce((sum, result) => sum + result[what], 0)
    assert.equal(sumOf('held'), affordable)
    assert.equal(sumOf('insufficient'), affordable)
    assert.equal(sumOf('captured'), affordable)
    const { spent, available, held } = await store.account(key)
    assert.deepEqual({ spent, available, held }, { spent: affordable, available: 0, held: 0 })
    assert.deepEqual((await store.audit()).breaks, [])
  }

  it(
    `spend ${SPENDS / 2} units of credit in Redis exactly ${SPENDS / 2} times of ${SPENDS}`,
    async () => {
      const connection = new Redis(redis.url)
      await spendTogether(new RedisStore(connection), { kind: 'redis', url: redis.url })
      connection.disconnect()
    },
    TIMEOUT_MS,
  )

  it(
    `spend ${SPENDS / 2} units of credit in PostgreSQL exactly ${SPENDS / 2} times of ${SPENDS}`,
    () =>
      spendTogether(new PostgresStore(pool, { schema: 'spending' }), {
        kind: 'postgres',
        url: postgres.url,
        schema: 'spending',
      }),
    TIMEOUT_MS,
  )

  it(
    'bring an empty database up to date, twelve at once',
    async () => {
      const address: StoreAddress = { kind: 'postgres', url: postgres.url, schema: 'empty' }
      const task = { address, key: someAccount(), spends: 1 }
      const results = await runCrowd(
        member.file,
        Array.from({ length: 12 }, () => task),
      )
      assert.deepEqual(
        results,
        Array.from({ length: 12 }, () => ({ held: 0, insufficient: 1, captured: 0 })),
      )
      const { rows } = await pool.query('SELECT name FROM empty.migrations ORDER BY name')
      assert.deepEqual(
        rows,
        MIGRATIONS.map(({ name }) => ({ name })),
      )
    },
    TIMEOUT_MS,
  )
})
