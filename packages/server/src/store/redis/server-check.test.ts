import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import { ConfigurationError } from '../../configuration-error.js'
import { RedisStore } from './redis-store.js'

describe('RedisStore.start', () => {
  let server: LocalServer
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  async function warningsOf(connection: Redis): Promise<string[]> {
    const warnings: string[] = []
    await new RedisStore(connection, { logger: { warn: (message) => warnings.push(message) } }).start()
    return warnings
  }

  it('says nothing about a server that keeps everything', async () => {
    assert.deepEqual(await warningsOf(redis), [])
  })

  it('refuses a server that drops keys to make room, and names the mend', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await assert.rejects(new RedisStore(redis).start(), (error: Error) => {
      assert(error instanceof ConfigurationError)
      assert.equal(error.setting, 'maxmemory-policy')
      assert.match(error.message, /CONFIG SET maxmemory-policy noeviction/)
      return true
    })
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
    assert.deepEqual(await warningsOf(redis), [])
  })

  it('warns about a server without an append-only file', async () => {
    await redis.config('SET', 'appendonly', 'no')
    const warnings = await warningsOf(redis)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /CONFIG SET appendonly yes/)
    await redis.config('SET', 'appendonly', 'yes')
  })

  it('warns where it may not look', async () => {
    await redis.call('ACL', 'SETUSER', 'blind', 'on', 'nopass', '~*', '+@all', '-info', '-config')
    const blind = new Redis(server.url, { username: 'blind', password: 'any', enableReadyCheck: false })
    const warnings = await warningsOf(blind)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /noeviction/)
    blind.disconnect()
  })
})
