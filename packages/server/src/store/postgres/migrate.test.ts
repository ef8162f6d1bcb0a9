import assert from 'node:assert/strict'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest'
import { type LocalServer, startPostgres } from '../../../../../scripts/local-servers.js'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { openStore } from '../../testing/open-store.js'
import { PostgresStore } from './postgres-store.js'
import { MIGRATIONS } from './sql.gen.js'

describe('PostgresStore.start', () => {
  let server: LocalServer
  let pools: pg.Pool[] = []
  let admin: pg.Pool
  const poolAs = (user = 'postgres'): pg.Pool => {
    const pool = new pg.Pool({ connectionString: server.url.replace('postgres@', `${user}@`), max: 2 })
    pool.on('error', () => {})
    pools.push(pool)
    return pool
  }
  beforeAll(async () => {
    server = await startPostgres({ settings: { fsync: 'off' } })
  }, 60_000)
  afterAll(() => server.stop())
  beforeEach(async () => {
    admin = poolAs()
    await admin.query('DROP SCHEMA IF EXISTS stripe402 CASCADE')
  })
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.end()))
    pools = []
  })

  it('is safe for twelve stores at once, and afterwards', async () => {
    const stores = Array.from({ length: 12 }, () => new PostgresStore(poolAs()))
    await Promise.all(stores.map((store) => store.start()))
    await Promise.all(stores.map((store) => store.start()))
    const { rows } = await admin.query('SELECT name FROM stripe402.migrations ORDER BY name')
    assert.deepEqual(
      rows,
      MIGRATIONS.map(({ name }) => ({ name })),
    )
    const key = someAccount()
    await Promise.all(
      stores.map((store, index) =>
        store.credit({ ...key, paymentIntentId: `pi_${index}`, units: 1, purchaseId: null }),
      ),
    )
    assert.equal((await new PostgresStore(admin).account(key)).credited, 12)
  })

  it('leaves nothing behind when it fails half way, and can be repeated', async () => {
    await admin.query('CREATE SCHEMA stripe402; CREATE TABLE stripe402.debits (in_the_way int)')
    await assert.rejects(new PostgresStore(admin).start(), { code: 'store_unavailable' })
    const tables = await admin.query("SELECT tablename FROM pg_tables WHERE schemaname = 'stripe402'")
    assert.deepEqual(tables.rows, [{ tablename: 'debits' }])
    await admin.query('DROP TABLE stripe402.debits')
    await new PostgresStore(admin).start()
  })

  it('applies only what is missing', async () => {
    await new PostgresStore(admin).start()
    const key = someAccount()
    await new PostgresStore(admin).credit({ ...key, paymentIntentId: 'pi_1', units: 5, purchaseId: null })
    await admin.query(`DROP FUNCTION stripe402.credit_v1, stripe402.debit_v1, stripe402.prepare_top_up_v1,
      stripe402.save_intent_v1, stripe402.await_action_v1, stripe402.fail_top_up_v1, stripe402.lock_account_v1`)
    await admin.query("DELETE FROM stripe402.migrations WHERE name = '003-money'")
    await new PostgresStore(admin).start()
    await new PostgresStore(admin).credit({ ...key, paymentIntentId: 'pi_2', units: 5, purchaseId: null })
    assert.equal((await new PostgresStore(admin).account(key)).credited, 10)
  })

  it('needs no right to create anything once all is there', async () => {
    await new PostgresStore(admin).start()
    await admin.query(`DROP ROLE IF EXISTS shop; CREATE ROLE shop LOGIN; GRANT USAGE ON SCHEMA stripe402 TO shop;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA stripe402 TO shop`)
    const store = new PostgresStore(poolAs('shop'))
    await store.start()
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: 'pi_1', units: 5, purchaseId: null })
    assert.equal((await store.account(key)).available, 5)
    await admin.query('DROP OWNED BY shop; DROP ROLE shop')
  })

  it('keeps two schemas apart, under the name of the original too', async () => {
    const [one, two] = ['one', 'two'].map((schema) => new PostgresStore(admin, { schema }))
    assert(one && two)
    await Promise.all([one.createTables(), two.createTables()])
    const key = someAccount()
    await one.credit({ ...key, paymentIntentId: 'pi_1', units: 5, purchaseId: null })
    assert.equal((await one.account(key)).available, 5)
    assert.equal((await two.account(key)).available, 0)
    assert.equal((await admin.query("SELECT to_regnamespace('stripe402') AS schema")).rows[0]?.schema, null)
  })

  it('refuses a schema name that would need quotes', () => {
    for (const schema of ['Stripe', 'a-b', 'x"; DROP TABLE y; --', ''])
      assert.throws(() => new PostgresStore(admin, { schema }), { setting: 'schema' })
  })

  it('takes a ledger that holds credit already for complete, and an empty one for blank', async () => {
    const store = new PostgresStore(admin)
    assert.equal((await store.start()).type, 'blank')
    await store.credit({ ...someAccount(), paymentIntentId: 'pi_1', units: 5, purchaseId: null })
    await admin.query(`DROP TABLE stripe402.ledger; DROP TRIGGER refuse_while_blank ON stripe402.purchases;
      DROP FUNCTION stripe402.refuse_while_blank_v1; DELETE FROM stripe402.migrations WHERE name = '004-ledger'`)
    assert.equal((await store.start()).type, 'ready')
  })

  it('leaves access open, at any price, that was opened before its price was kept', async () => {
    const store = new PostgresStore(admin)
    await openStore(store)
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: 'pi_1', units: 5, purchaseId: null })
    await admin.query(`ALTER TABLE stripe402.access DROP CONSTRAINT access_pkey, DROP COLUMN units,
      ADD PRIMARY KEY (client_id, currency, resource);
      DELETE FROM stripe402.migrations WHERE name = '019-bought-prices'`)
    await admin.query('INSERT INTO stripe402.access VALUES ($1, $2, $3, $4)', [
      key.clientId,
      key.currency,
      'article',
      Date.now() + 600_000,
    ])
    await store.start()
    const wish = holdOf(key, { units: 5000, access: { resource: 'article', durationMs: 600_000 } })
    assert.equal((await store.hold(wish)).type, 'admitted')
  })

  it('makes one open top-up per account a fact of the schema', async () => {
    await openStore(new PostgresStore(admin))
    const insert = `INSERT INTO stripe402.purchases (purchase_id, client_id, currency, minor, units, payment_method_id,
      status, attempt, created_at, updated_at) VALUES ($1, 'c', 'usd', 1, 1, 'pm', $2, 1, 0, 0)`
    await admin.query(insert, ['1', 'prepared'])
    await admin.query(insert, ['2', 'failed'])
    await assert.rejects(admin.query(insert, ['3', 'requires_action']), { code: '23505' })
  })

  it('makes conservation a fact of the schema', async () => {
    await new PostgresStore(admin).start()
    const key = someAccount()
    await new PostgresStore(admin).credit({ ...key, paymentIntentId: 'pi_1', units: 5, purchaseId: null })
    for (const change of ['available = available + 1', 'spent = 1', 'held = -1, available = 6'])
      await assert.rejects(admin.query(`UPDATE stripe402.accounts SET ${change}`), { code: '23514' })
  })
})
