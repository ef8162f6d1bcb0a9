import assert from 'node:assert/strict'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { openStore } from '../../testing/open-store.js'
import { PostgresStore } from './postgres-store.js'

describe('PostgresStore.releaseExpired', () => {
  let pglite: PGlite
  beforeAll(async () => {
    pglite = await PGlite.create()
  }, 60_000)
  afterAll(() => pglite.close())

  async function count(table: string): Promise<unknown> {
    const { rows } = await pglite.query(`SELECT count(*)::int AS count FROM stripe402.${table}`)
    return rows[0]
  }

  it('forgets all that is over, however much there is, and nothing else', async () => {
    const store = new PostgresStore(pglite)
    await openStore(store)
    const key = someAccount()
    await store.credit({ ...key, paymentIntentId: 'pi_1', units: 1000, purchaseId: null })
    const held = holdOf(key)
    assert.equal((await store.hold(held)).type, 'held')
    await pglite.query(
      `INSERT INTO stripe402.operations (client_id, currency, operation_id, fingerprint, state, units, remember_ms,
           forget_at, resource)
         SELECT $1, $2, 'over ' || i, 'GET /', 'captured', 1, 1000, i, 'GET /' FROM generate_series(1, 35000) i`,
      [key.clientId, key.currency],
    )
    await pglite.query(
      `INSERT INTO stripe402.access (client_id, currency, resource, units, ends_at)
         SELECT $1, $2, i, 1, i FROM generate_series(1, 25000) i`,
      [key.clientId, key.currency],
    )
    assert.equal(await store.releaseExpired(100), 0)
    assert.deepEqual(await count('access'), { count: 0 })
    assert.deepEqual(await count('operations'), { count: 1 })
    assert.deepEqual(await store.capture([held]), [{ type: 'captured' }])
  }, 180_000)
})
