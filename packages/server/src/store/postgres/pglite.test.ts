import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { storeContract } from '../../testing/index.js'
import { contractOver } from './contract.fixture.js'

describe('PostgresStore over PGlite', () => {
  let pglite: PGlite
  beforeAll(async () => {
    pglite = await PGlite.create()
  }, 60_000)
  afterAll(() => pglite.close())

  const { makeStore, options } = contractOver(() => pglite)
  // It has one connection, so more of them only take longer.
  storeContract({ describe, it }, makeStore, { ...options, parallelRequests: 1000 })
})
