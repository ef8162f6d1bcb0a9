import assert from 'node:assert/strict'
import { HEADERS, serializePayment } from '@stripe402/core'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres } from '../../../../scripts/local-servers.js'
import { openSeller } from '../seller.fixture.js'
import { PostgresStore } from '../store/index.js'
import type { PostgresConnection } from '../store/postgres/connection.js'
import type { AccountKey } from '../store.js'
import { holdOf, someAccount } from '../testing/contract/subject.js'
import { openStore } from '../testing/open-store.js'
import { startLoad } from './load.fixture.js'

const isLong = process.env.STRIPE402_CRASH === 'long'

describe('PostgresStore', () => {
  let server: LocalServer
  let pool: pg.Pool
  let store: PostgresStore
  beforeAll(async () => {
    server = await startPostgres({ settings: { fsync: 'off', deadlock_timeout: '50ms' } })
    pool = new pg.Pool({ connectionString: server.url, max: 10 })
    pool.on('error', () => {})
    store = new PostgresStore(pool)
    await openStore(store)
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  async function richAccount(): Promise<AccountKey> {
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: `pi_${key.clientId}`, units: 10_000, purchaseId: null })
    return key
  }

  it('has as many effects as successes while its back ends are killed under load', async () => {
    const admin = new pg.Client({ connectionString: server.url })
    await admin.connect()
    const victims = new pg.Pool({ connectionString: server.url, max: 8, application_name: 'victim' })
    victims.on('error', () => {})
    const accounts = Array.from({ length: 6 }, () => someAccount())
    const load = startLoad(new PostgresStore(victims), accounts, 12)
    let killed = 0
    while (killed < (isLong ? 500 : 40)) {
      await load.rounds(10)
      const { rowCount } = await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim' AND state = 'active'",
      )
      killed += rowCount ?? 0
    }
    await load.rounds(50)
    await load.stop()
    assert(load.unavailable() > 0)
    for (const [key, { credited, spent }] of load.acknowledged) {
      const account = await store.account(key)
      assert.deepEqual(
        { credited: account.credited, spent: account.spent, held: account.held },
        { credited, spent, held: 0 },
      )
    }
    assert.deepEqual((await store.audit()).breaks, [])
    await victims.end()
    await admin.end()
  }, 300_000)

  it('gets through a deadlock with somebody who locks its rows in another order', async () => {
    const keys = await Promise.all([richAccount(), richAccount()])
    const [low, high] = keys.sort((one, other) => (one.clientId < other.clientId ? -1 : 1))
    assert(low && high)
    const requests = [holdOf(low), holdOf(high)]
    for (const request of requests) await store.hold(request)
    const stranger = await pool.connect()
    const lock = ({ clientId }: AccountKey): Promise<unknown> =>
      stranger.query('SELECT FROM stripe402.accounts WHERE client_id = $1 FOR UPDATE', [clientId])
    let deadlocks = 0
    const counting: PostgresConnection = {
      query: (text, values) =>
        pool.query(text, values).catch((error) => {
          if (error.code === '40P01') deadlocks += 1
          throw error
        }),
    }
    // Whoever waits longest finds the deadlock and gives way: not the stranger.
    await stranger.query("BEGIN; SET LOCAL deadlock_timeout = '1min'")
    await lock(high)
    const captured = new PostgresStore(counting).capture(requests)
    while (!(await isSomebodyWaiting()));
    await lock(low)
    await stranger.query('COMMIT')
    stranger.release()
    assert.deepEqual(
      (await captured).map(({ type }) => type),
      ['captured', 'captured'],
    )
    assert.equal(deadlocks, 1)
    for (const key of [low, high]) assert.equal((await store.account(key)).spent, 100)
  }, 60_000)

  it('is unavailable, and does not hang, while the pool has no connection to give', async () => {
    const small = new pg.Pool({ connectionString: server.url, max: 1, connectionTimeoutMillis: 200 })
    small.on('error', () => {})
    const seller = openSeller({ store: new PostgresStore(small, { schema: 'small' }) })
    const { account } = await seller.topUp()
    const header = serializePayment({ clientId: account.clientId })
    const ask = (): ReturnType<typeof seller.stripe402.authorize> =>
      seller.stripe402.authorize(
        { method: 'GET', url: '/', header: (name) => (name === HEADERS.PAYMENT ? header : undefined) },
        seller.stripe402.priceTag({ price: 100 }),
      )
    const hog = await small.connect()
    for (const answer of await Promise.all([ask(), ask(), ask()])) {
      assert(answer.type === 'refused')
      assert.equal(answer.answer.status, 503)
      assert.equal(answer.answer.headers[HEADERS.PAYMENT_REQUIRED], undefined)
    }
    hog.release()
    const answer = await ask()
    assert(answer.type === 'granted')
    await answer.grant.release()
    assert.equal((await seller.store.account(account)).available, 50_000)
    await seller.close()
    await small.end()
  }, 60_000)

  async function isSomebodyWaiting(): Promise<boolean> {
    const { rowCount } = await pool.query(
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%capture_v1%'",
    )
    return (rowCount ?? 0) > 0
  }
})
