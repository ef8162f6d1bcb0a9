import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres } from '../../../../../scripts/local-servers.js'
import { storeContract } from '../../testing/index.js'
import { contractOver } from './contract.fixture.js'

const CONNECTIONS = 20

describe('PostgresStore', () => {
  let server: LocalServer
  let pool: pg.Pool
  beforeAll(async () => {
    server = await startPostgres({ settings: { fsync: 'off' } })
    pool = new pg.Pool({ connectionString: server.url, max: CONNECTIONS, idleTimeoutMillis: 0 })
    // A connection that the server ends while it is idle is not news.
    pool.on('error', () => {})
    // All connections at once: while they open one by one, nothing in the suite runs at the same time.
    const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.connect()))
    for (const client of clients) client.release()
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  const { makeStore, options } = contractOver(() => pool)
  storeContract({ describe, it }, makeStore, options)
})
