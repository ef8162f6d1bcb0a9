import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type LocalServer, startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import { PostgresStore, RedisStore } from '../store/index.js'
import type { Store } from '../store.js'
import { openTarget, type Target } from './card-attack.fixture.js'

/** Fewer than against the store in memory, whose attack goes on for ten minutes: these stores keep the time of the machine. */
const CARDS = 2_000

interface Backend {
  store: Store
  stop(): Promise<unknown>
}

const BACKENDS: [string, () => Promise<Backend>][] = [
  [
    'RedisStore',
    async () => {
      const server = await startRedis({ settings: { appendfsync: 'everysec' } })
      const redis = new Redis(server.url)
      return { store: new RedisStore(redis), stop: () => stopBoth(server, async () => redis.disconnect()) }
    },
  ],
  [
    'PostgresStore',
    async () => {
      const server = await startPostgres({ settings: { fsync: 'off' } })
      const pool = new pg.Pool({ connectionString: server.url, max: 5 })
      pool.on('error', () => {})
      return { store: new PostgresStore(pool), stop: () => stopBoth(server, () => pool.end()) }
    },
  ],
]

async function stopBoth(server: LocalServer, disconnect: () => Promise<void>): Promise<void> {
  await disconnect()
  await server.stop()
}

describe.each(BACKENDS)('an attack of 2,000 cards from 500 addresses, over %s', (name, start) => {
  let backend: Backend
  let target: Target | undefined

  beforeAll(async () => {
    backend = await start()
  }, 60_000)
  afterEach(() => target?.seller.close())
  afterAll(() => backend.stop())

  it('gets 20 of them to Stripe before the breaker opens, while 20 honest buyers who solve a captcha succeed', async () => {
    target = openTarget(backend.store, Date.now, {
      challenge: (request) => request.header('x-captcha') === 'solved',
      // What honest people do in ten minutes comes within seconds here.
      limits: { attemptsInAll: { most: 150, withinMs: 1000 } },
    })
    const startedAt = performance.now()
    const { honest, declined } = await target.attack(
      CARDS,
      () => {},
      () => ({ captcha: 'solved' }),
    )
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(`${name}: ${target.reached()} of ${CARDS} cards reached Stripe in ${seconds} s`)
    expect(honest).toEqual(Array(20).fill(200))
    expect(declined).toBeLessThanOrEqual(20)
    expect(target.reached()).toBeLessThanOrEqual(150)
    const { paymentIntents } = target.seller.stripeLocal.state
    expect(paymentIntents().filter(({ status }) => status === 'succeeded')).toHaveLength(20)
  }, 120_000)
})
