import assert from 'node:assert/strict'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres } from '../../../../../scripts/local-servers.js'
import type { AccountKey } from '../../store.js'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { openStore } from '../../testing/open-store.js'
import { PostgresStore } from './postgres-store.js'

let server: LocalServer
let pool: pg.Pool
let statements: string[]

beforeAll(async () => {
  server = await startPostgres()
  pool = new pg.Pool({ connectionString: server.url, max: 10 })
  // Its connections may still be ending when the server does.
  pool.on('error', () => {})
  await openStore(newStore())
}, 60_000)
afterAll(async () => {
  await pool.end()
  await server.stop()
})

/** A store of a process of its own, whose statements are counted. */
function newStore(): PostgresStore {
  statements = []
  return new PostgresStore({
    query(text, values) {
      statements.push(text)
      return pool.query(text, values)
    },
  })
}

async function accountWith(store: PostgresStore, units: number): Promise<AccountKey> {
  const key = someAccount()
  await store.credit({ ...key, units, paymentIntentId: `pi_${key.clientId}`, purchaseId: null })
  return key
}

describe('holds of one moment', () => {
  it('are one statement, each decided by itself and in their order', async () => {
    const store = newStore()
    const [rich, poor] = [await accountWith(store, 1000), await accountWith(store, 250)]
    statements.length = 0
    const wishes = [rich, poor, someAccount(), poor, poor, rich].map((key) => holdOf(key))
    const results = await Promise.all(wishes.map((wish) => store.hold(wish)))
    assert.equal(statements.length, 1)
    assert.deepEqual(
      results.map(({ type, account }) => [type, account.available]),
      [
        ['held', 900],
        ['held', 150],
        ['insufficient', 0],
        ['held', 50],
        ['insufficient', 50],
        ['held', 800],
      ],
    )
  })

  it('of several processes, in orders that cross, never wait for each other in a circle', async () => {
    const stores = Array.from({ length: 4 }, newStore)
    const keys = await Promise.all(stores.map((store) => accountWith(store, 1_000_000)))
    for (let round = 0; round < 20; round += 1)
      await Promise.all(
        stores.flatMap((store, turn) =>
          [...keys.slice(turn), ...keys.slice(0, turn)].map((key) => store.hold(holdOf(key))),
        ),
      )
    // It is told with a delay of up to a second, unless somebody asks for it.
    await pool.query('SELECT pg_stat_force_next_flush()')
    const { rows } = await pool.query('SELECT sum(deadlocks)::int AS deadlocks FROM pg_stat_database')
    assert.deepEqual(rows, [{ deadlocks: 0 }])
    const spread = await Promise.all(keys.map((key) => newStore().account(key)))
    assert.deepEqual(
      spread.map(({ held }) => held),
      keys.map(() => 20 * stores.length * 100),
    )
  })

  it('do not fail with one that the database refuses', async () => {
    const store = newStore()
    const [good, bad] = [await accountWith(store, 1000), await accountWith(store, 1000)]
    await pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
      CREATE TRIGGER refusing BEFORE INSERT ON stripe402.operations
        FOR EACH ROW WHEN (NEW.client_id = '${bad.clientId}') EXECUTE FUNCTION refuse()`)
    const results = await Promise.allSettled([good, bad, good].map((key) => store.hold(holdOf(key))))
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.equal((await store.account(good)).held, 200)
    assert.equal((await store.account(bad)).held, 0)
  })
})
