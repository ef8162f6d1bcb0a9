import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import { PostgresStore, RedisStore, StoreUnavailableError } from '../store/index.js'
import type { Store } from '../store.js'
import { someAccount } from '../testing/contract/subject.js'
import { openStore } from '../testing/open-store.js'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.fixture.js'
import { postgresDialect, redisDialect } from './dialect.fixture.js'
import { CREDIT_UNITS, VERB_CASES, type VerbCase, type VerbResult } from './verb-cases.fixture.js'

const CUTS = process.env.STRIPE402_CRASH === 'long' ? 500 : 25
const AT_ONCE = 25
const TIMEOUT_MS = 600_000

/** A store, and the same one at the other end of a connection that breaks. */
interface Broken {
  store: Store
  broken: Store
  proxy: CuttingProxy
  /** Commands of a verb that asks every shard. */
  shards: number
  stop(): Promise<void>
}

async function overRedis(options: {
  waitForReplicas?: { count: number; timeoutMs: number }
}): Promise<Broken> {
  const server = await startRedis({ settings: { appendfsync: 'no' } })
  const proxy = await startCuttingProxy(server.port, redisDialect)
  const redis = new Redis(server.url)
  const cut = new Redis({ port: proxy.port, host: '127.0.0.1', retryStrategy: () => 1 })
  cut.on('error', () => {})
  return {
    store: new RedisStore(redis, options),
    broken: new RedisStore(cut, options),
    proxy,
    shards: 256,
    async stop() {
      redis.disconnect()
      cut.disconnect()
      await proxy.stop()
      await server.stop()
    },
  }
}

async function overPostgres(): Promise<Broken> {
  const server = await startPostgres({ settings: { fsync: 'off' } })
  const proxy = await startCuttingProxy(server.port, postgresDialect)
  const pool = new pg.Pool({ connectionString: server.url, max: 5 })
  const cut = new pg.Pool({
    connectionString: server.url.replace(`:${server.port}`, `:${proxy.port}`),
    max: 5,
  })
  // What breaks while nobody waits for it is not news.
  for (const idle of [pool, cut]) idle.on('error', () => {})
  return {
    store: new PostgresStore(pool),
    broken: new PostgresStore(cut),
    proxy,
    shards: 1,
    async stop() {
      await pool.end()
      await cut.end()
      await proxy.stop()
      await server.stop()
    },
  }
}

/** A driver may resend what had no answer, or reject; then the caller asks again with the same ids. */
async function insist(act: () => Promise<VerbResult>): Promise<VerbResult> {
  for (;;)
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error
    }
}

async function cutOften({ store, broken, proxy, shards }: Broken, verbCase: VerbCase): Promise<void> {
  const { make, effects, isWide } = verbCase
  const shared = someAccount()
  await store.credit({
    ...shared,
    paymentIntentId: `pi_${shared.clientId}`,
    units: CREDIT_UNITS,
    purchaseId: null,
  })
  const enough = proxy.cuts() + CUTS
  const results: VerbResult[] = []
  while (proxy.cuts() < enough) {
    const acts = await Promise.all(Array.from({ length: AT_ONCE }, () => make(store, shared)))
    // Not each time, or nothing would ever be acknowledged.
    proxy.cutEvery(isWide ? 2 * shards : 2)
    results.push(...(await Promise.all(acts.map((act) => insist(() => act(broken))))))
    proxy.cutEvery(0)
  }
  assert.equal(new Set(results.map(({ type }) => type)).size, 1, 'all are successes')
  const tookEffect = await Promise.all(
    results.map(async (result) => (await result.tookEffect?.(store)) ?? false),
  )
  const count = effects
    ? await effects(store, shared, results.length)
    : tookEffect.filter((isSo) => isSo).length
  assert.equal(count, results.length)
  const { breaks } = await store.audit()
  assert.deepEqual(breaks, [])
}

/** Verbs that write nothing; `start` creates what it needs, before there is anything to lose. */
const ONLY_READ = [
  'start',
  'isOpen',
  'account',
  'accounts',
  'payments',
  'purchase',
  'history',
  'due',
  'keys',
  'savedCard',
  'audit',
  'reconciledAt',
]

it('cuts every verb that writes', () => {
  const verbs = Object.getOwnPropertyNames(RedisStore.prototype).filter((name) => name !== 'constructor')
  const cut = new Set(VERB_CASES.map(({ verb }) => verb.split(' ')[0]))
  assert.deepEqual(
    verbs.filter((verb) => !ONLY_READ.includes(verb) && !cut.has(verb)),
    [],
  )
})

for (const [name, open] of Object.entries({
  RedisStore: () => overRedis({}),
  // No replica has to confirm, but each step goes out together with its WAIT.
  'RedisStore with waitForReplicas': () => overRedis({ waitForReplicas: { count: 0, timeoutMs: 1000 } }),
  PostgresStore: overPostgres,
}))
  describe(`${name} whose connections are cut between execution and reply`, () => {
    let place: Broken
    beforeAll(async () => {
      place = await open()
      await openStore(place.store)
    }, 60_000)
    afterAll(() => place.stop())

    for (const verbCase of VERB_CASES)
      it(`has as many effects as successes: ${verbCase.verb}`, () => cutOften(place, verbCase), TIMEOUT_MS)
  })
