import assert from 'node:assert/strict'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres } from '../../../../../scripts/local-servers.js'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { StoreUnavailableError } from '../store-error.js'
import type { PostgresConnection } from './connection.js'
import { PostgresStore } from './postgres-store.js'
import { runStatement } from './statement.js'

class DatabaseError extends Error {
  readonly code: string
  constructor(code: string) {
    super(`select balance at db.internal as admin: ${code}`)
    this.code = code
  }
}

/** A connection that fails with these codes, one after the other, and then works. */
function failing(codes: string[]): { connection: PostgresConnection; calls: () => number } {
  let calls = 0
  const connection: PostgresConnection = {
    query: async () => {
      const code = codes[calls]
      calls += 1
      if (code !== undefined) throw new DatabaseError(code)
      return { rows: [{ done: true }] }
    },
  }
  return { connection, calls: () => calls }
}

describe('runStatement', () => {
  it('tries again after a deadlock and after a failed serialization', async () => {
    const { connection, calls } = failing(['40P01', '40001', '40P01'])
    const rows = await runStatement({ connection, random: () => 0 }, 'SELECT', [])
    assert.deepEqual(rows, [{ done: true }])
    assert.equal(calls(), 4)
  })

  it('gives up after six tries', async () => {
    const { connection, calls } = failing(Array.from({ length: 20 }, () => '40P01'))
    await assert.rejects(runStatement({ connection, random: () => 0 }, 'SELECT', []), {
      code: 'store_unavailable',
    })
    assert.equal(calls(), 6)
  })

  it('spreads its tries', async () => {
    let asked = 0
    const random = (): number => {
      asked += 1
      return 0.01
    }
    const { connection } = failing(['40P01', '40P01'])
    await runStatement({ connection, random }, 'SELECT', [])
    assert.equal(asked, 2)
  })

  it('repeats nothing whose outcome is unknown, and names neither host nor statement', async () => {
    for (const code of ['57014', '57P01', '08006', '53300', 'ECONNRESET', '']) {
      const { connection, calls } = failing([code])
      await assert.rejects(runStatement({ connection, random: () => 0 }, 'SELECT', []), (error: Error) => {
        assert(error instanceof StoreUnavailableError)
        assert.match(error.message, /The outcome is unknown\.$/)
        assert.doesNotMatch(error.message, /db\.internal|admin|select/)
        assert(error.cause instanceof Error)
        return true
      })
      assert.equal(calls(), 1)
    }
  })
})

describe('PostgresStore', () => {
  let server: LocalServer
  let pool: pg.Pool
  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 10 })
    pool.on('error', () => {})
    await new PostgresStore(pool).start()
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  it('sends one statement for each verb of a spend', async () => {
    let statements = 0
    const counting: PostgresConnection = {
      query: (text, values) => {
        statements += 1
        return pool.query(text, values)
      },
    }
    const store = new PostgresStore(counting)
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: `pi_${key.clientId}`, units: 500, purchaseId: null })
    const requests = [holdOf(key), holdOf(key), holdOf(key)]
    for (const request of requests) await store.hold(request)
    await store.release(holdOf(key))
    await store.capture(requests)
    assert.equal(statements, 1 + 3 + 1 + 1)
  })

  it('captures lists that cross without a deadlock', async () => {
    const store = new PostgresStore(pool)
    const keys = Array.from({ length: 8 }, () => someAccount())
    for (const key of keys)
      await store.credit({ ...key, paymentIntentId: `pi_${key.clientId}`, units: 10_000, purchaseId: null })
    const before = await deadlocks()
    await Promise.all(
      Array.from({ length: 30 }, async (_, round) => {
        const requests = keys.map((key) => holdOf(key, { units: 1 }))
        await Promise.all(requests.map((request) => store.hold(request)))
        const results = await store.capture(round % 2 ? requests : requests.reverse())
        for (const { type } of results) assert.equal(type, 'captured')
      }),
    )
    assert.equal(await deadlocks(), before)
    assert.deepEqual((await store.audit()).breaks, [])
  })

  it('does not know what became of a statement that was cancelled', async () => {
    const store = new PostgresStore(pool)
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: `pi_${key.clientId}`, units: 500, purchaseId: null })
    const blocker = await pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT FROM stripe402.accounts WHERE client_id = $1 FOR UPDATE', [key.clientId])
    const hasty = new pg.Pool({ connectionString: server.url, options: '-c statement_timeout=100' })
    const request = holdOf(key)
    await assert.rejects(new PostgresStore(hasty).hold(request), {
      code: 'store_unavailable',
      message: /statement_timeout/,
    })
    await blocker.query('ROLLBACK')
    blocker.release()
    assert.equal((await new PostgresStore(hasty).hold(request)).type, 'held')
    assert.equal((await store.account(key)).held, 100)
    await hasty.end()
  })

  it('survives a killed backend and a killed server with all that it acknowledged', async () => {
    const store = new PostgresStore(pool)
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: `pi_${key.clientId}`, units: 500, purchaseId: null })
    const blocker = await pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT FROM stripe402.accounts WHERE client_id = $1 FOR UPDATE', [key.clientId])
    const request = holdOf(key)
    const rejected = assert.rejects(store.hold(request), { code: 'store_unavailable' })
    for (;;) {
      const { rowCount } = await pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
      )
      if (rowCount) break
    }
    await rejected
    await blocker.query('ROLLBACK')
    blocker.release()
    assert.equal((await store.hold(request)).type, 'held')
    await server.kill()
    await assert.rejects(store.account(key), (error: Error) => {
      assert(error instanceof StoreUnavailableError)
      assert.doesNotMatch(error.message, /127\.0\.0\.1|postgres:|\d{4}/)
      return true
    })
    await server.restart()
    const { held, available } = await store.account(key)
    assert.deepEqual({ held, available }, { held: 100, available: 400 })
  })

  async function deadlocks(): Promise<number> {
    const { rows } = await pool.query(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    )
    return rows[0]?.deadlocks
  }
})
