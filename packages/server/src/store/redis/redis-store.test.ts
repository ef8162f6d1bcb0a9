import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { storeContract } from '../../testing/index.js'
import { openStore } from '../../testing/open-store.js'
import { RedisStore } from './redis-store.js'

const HISTORY_LIMIT = 50

describe('RedisStore', () => {
  let server: LocalServer
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis({ settings: { appendfsync: 'everysec' } })
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  it('leaves access open, at any price, that was opened before its price was kept', async () => {
    const store = new RedisStore(redis)
    await openStore(store)
    const { clientId, currency } = someAccount()
    await redis.set(`s402:{${clientId.slice(0, 2)}}:access:${clientId}:${currency}:article`, 1, 'PX', 600_000)
    const wish = holdOf({ clientId, currency }, { access: { resource: 'article', durationMs: 600_000 } })
    assert.equal((await store.hold(wish)).type, 'admitted')
  })

  storeContract(
    { describe, it },
    async () => {
      await redis.flushall()
      const store = new RedisStore(redis, { historyLimit: HISTORY_LIMIT })
      await openStore(store)
      return { store, wipe: async () => void (await redis.flushall()), stop: async () => {} }
    },
    {
      historyLimit: HISTORY_LIMIT,
      corrupt: async (_store, { clientId, currency }) => {
        const account = `s402:{${clientId.slice(0, 2)}}:account:${clientId}:${currency}`
        await redis.hincrby(account, 'available', 1)
      },
    },
  )
})
