import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
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
