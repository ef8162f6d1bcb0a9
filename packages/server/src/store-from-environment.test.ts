import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterEach, describe, it } from 'vitest'
import { startPostgres, startRedis, startRedisCluster } from '../../../scripts/local-servers.js'
import { PostgresStore } from './store/index.js'
import { type ConnectedStore, storeFromEnvironment } from './store-from-environment.js'
import { someAccount } from './testing/contract/subject.js'
import { openStore } from './testing/open-store.js'

/** Far beyond every limit above, and far below what the libraries wait by themselves. */
const HANGS_MS = 60_000
const PAID = { ...someAccount(), paymentIntentId: 'pi_1', units: 500, purchaseId: null }
const silent = { warn() {}, error() {} }
const unavailable = { code: 'store_unavailable', message: /outcome is unknown/ }

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

function connect(environment: Record<string, string>, patienceMs = 400): ConnectedStore {
  const patience = { connectMs: patienceMs, answerMs: patienceMs }
  const connected = storeFromEnvironment(environment, silent, { patience })
  cleanUps.push(connected.close)
  return connected
}

/** A port that takes connections and never says a word. */
async function openSilence(): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => void sockets.add(socket.on('error', () => {})))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  assert(address && typeof address === 'object')
  return `127.0.0.1:${address.port}`
}

describe('storeFromEnvironment', () => {
  it.each([
    ['REDIS_URL', (at: string) => `redis://${at}`],
    ['DATABASE_URL', (at: string) => `postgres://postgres@${at}/postgres`],
  ])(
    'gives up on a server that takes the connection and says nothing: %s',
    async (variable, urlOf) => {
      const { store } = connect({ [variable]: urlOf(await openSilence()) })
      await assert.rejects(store.start(), unavailable)
      await assert.rejects(store.account(someAccount()), unavailable)
    },
    HANGS_MS / 2,
  )

  it(
    'reaches a Cluster of which one node is named, and waits for its replicas',
    async () => {
      const servers = await startRedisCluster({ settings: { appendfsync: 'no' } })
      cleanUps.push(() => servers.stop())
      const environment = { REDIS_URL: servers.servers[0]?.url ?? '', REDIS_CLUSTER: 'true' }
      const { store } = connect({ ...environment, REDIS_WAIT_REPLICAS: '1', REDIS_WAIT_MS: '5000' }, HANGS_MS)
      assert.equal((await store.start()).type, 'blank')
      await openStore(store)
      assert.equal((await store.credit(PAID)).account.credited, 500)
      assert.equal((await store.audit()).accounts, 1)
      const many = connect({ ...environment, REDIS_WAIT_REPLICAS: '9', REDIS_WAIT_MS: '1' }, HANGS_MS)
      await assert.rejects(many.store.credit({ ...PAID, paymentIntentId: 'pi_2' }), unavailable)
    },
    HANGS_MS,
  )

  it.each([
    [{ REDIS_CLUSTER: 'yes' }, /REDIS_CLUSTER: is "yes"/],
    [{ REDIS_CLUSTER: 'true', REDIS_URL: 'nowhere' }, /REDIS_URL: must be addresses/],
    [{ REDIS_WAIT_REPLICAS: 'all' }, /REDIS_WAIT_REPLICAS: is "all"/],
    [{ REDIS_WAIT_REPLICAS: '1', REDIS_WAIT_MS: '0' }, /REDIS_WAIT_MS: is "0"/],
  ])('names a variable that says nothing: %j', (changes, message) => {
    assert.throws(() => storeFromEnvironment({ REDIS_URL: 'redis://127.0.0.1:1', ...changes }, silent), {
      message,
    })
  })

  it(
    'uses the schema that is named, and trims no history where it is told not to',
    async () => {
      const postgres = await startPostgres()
      cleanUps.push(() => postgres.stop())
      const pool = new pg.Pool({ connectionString: postgres.url })
      cleanUps.push(() => pool.end())
      const server = new PostgresStore(pool, { schema: 'shop', historyLimit: 2000 })
      await server.start()
      await server.credit(PAID)
      // As if it had been the first of 1500 lines.
      await pool.query('UPDATE shop.accounts SET entries = 1500')
      const environment = { DATABASE_URL: postgres.url, DATABASE_SCHEMA: 'shop' }
      const { store, close } = storeFromEnvironment(environment, silent, { trimsHistory: false })
      cleanUps.push(close)
      await store.start()
      assert.equal((await store.credit({ ...PAID, paymentIntentId: 'pi_last' })).account.credited, 1000)
      const lines = await server.history(PAID, { limit: 10 })
      assert.deepEqual(
        lines.map(({ reference }) => reference),
        ['pi_last', 'pi_1'],
      )
    },
    HANGS_MS,
  )

  it(
    'gives up on a command that Redis does not answer, and goes on once it does',
    async () => {
      const redis = await startRedis()
      cleanUps.push(() => redis.stop())
      const { store } = connect({ REDIS_URL: redis.url })
      await store.start()
      const other = new Redis(redis.url)
      cleanUps.push(async () => other.disconnect())
      await other.call('CLIENT', 'PAUSE', String(HANGS_MS), 'WRITE')
      await assert.rejects(store.credit(PAID), unavailable)
      await other.call('CLIENT', 'UNPAUSE')
      // It may have taken effect or not; said again, it has, once.
      assert.equal((await store.credit(PAID)).account.credited, 500)
    },
    HANGS_MS,
  )

  it(
    'gives up on a statement that PostgreSQL does not answer, and goes on once it does',
    async () => {
      const postgres = await startPostgres()
      cleanUps.push(() => postgres.stop())
      // With all the patience that making the tables takes.
      await connect({ DATABASE_URL: postgres.url }, HANGS_MS).store.start()
      const { store } = connect({ DATABASE_URL: postgres.url })
      await store.start()
      const other = new pg.Client(postgres.url)
      await other.connect()
      cleanUps.push(() => other.end())
      await other.query('BEGIN')
      await other.query('LOCK TABLE stripe402.accounts IN ACCESS EXCLUSIVE MODE')
      await assert.rejects(store.credit(PAID), unavailable)
      await other.query('COMMIT')
      assert.equal((await store.credit(PAID)).account.credited, 500)
    },
    HANGS_MS,
  )
})
