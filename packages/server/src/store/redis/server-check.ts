import type { Cluster, Redis } from 'ioredis'
import { ConfigurationError } from '../../configuration-error.js'
import { shardKeys } from './keys.js'
import { redisFault } from './redis-fault.js'
import { ask } from './script-runner.js'

/**
 * Refuses a server that would drop balances to make room, and warns about one that forgets them in a crash.
 *
 * @throws {@link ConfigurationError} that names the mend.
 */
export async function checkServers(redis: Redis | Cluster, warn: (message: string) => void): Promise<void> {
  if (!('nodes' in redis)) return checkServer(redis, warn)
  const scaleReads = redis.options.scaleReads ?? 'master'
  if (scaleReads !== 'master')
    throw new ConfigurationError('scaleReads', 'must be "master": a replica may not know yet what was paid.')
  // A cluster client knows its nodes once it has asked one.
  await ask(redis.exists('s402:{00}:opened'))
  for (const node of redis.nodes('master')) await checkServer(node, warn)
}

/** Whether one script may touch several shards: not on a Cluster, nor behind a proxy that spreads keys over servers. */
export async function canSpanShards(redis: Redis | Cluster): Promise<boolean> {
  if (redis.isCluster) return false
  try {
    await redis.eval('return 1', 2, shardKeys('00').holds, shardKeys('01').holds)
    return true
  } catch (error) {
    // The server answered, and said no.
    if (error instanceof Error && error.name === 'ReplyError') return false
    throw redisFault(error)
  }
}

async function checkServer(redis: Redis, warn: (message: string) => void): Promise<void> {
  const info = await readInfo(redis)
  const policy = info?.match(/^maxmemory_policy:(\S+)/m)?.[1]
  const aof = info?.match(/^aof_enabled:(\d)/m)?.[1]
  if (policy === undefined || aof === undefined) {
    warn(
      'Redis does not say how it keeps data (INFO is not allowed). Make sure that maxmemory-policy is noeviction and that the append-only file is on.',
    )
    return
  }
  if (policy !== 'noeviction')
    throw new ConfigurationError(
      'maxmemory-policy',
      `is ${policy}, which deletes balances when memory runs short. Set it with: redis-cli CONFIG SET maxmemory-policy noeviction`,
    )
  if (aof === '0')
    warn(
      'Redis keeps no append-only file: a crash forgets payments that were acknowledged. Switch it on with: redis-cli CONFIG SET appendonly yes',
    )
}

async function readInfo(redis: Redis): Promise<string | undefined> {
  try {
    return await redis.info()
  } catch (error) {
    // The server answered, and said no.
    if (error instanceof Error && error.name === 'ReplyError') return undefined
    throw redisFault(error)
  }
}
