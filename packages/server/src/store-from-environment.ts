import { createRequire } from 'node:module'
import { ConfigurationError } from './configuration-error.js'
import type { Environment } from './environment.js'
import type { Logger } from './settings.js'
import { MemoryStore, PostgresStore, RedisStore } from './store/index.js'
import type { Store } from './store.js'

/** A store with a connection of its own. */
export interface ConnectedStore {
  store: Store
  /** Ends the connection. */
  close(): Promise<void>
}

/**
 * The store that `REDIS_URL` or `DATABASE_URL` chooses; with neither one in memory, which is said loudly.
 *
 * @param options - `isPatient`: whether commands wait for a Redis that is not there yet, as those of a server should.
 * @throws ConfigurationError for both, for a package that is not installed, and in production for neither.
 */
export function storeFromEnvironment(
  environment: Environment,
  logger: Logger,
  { isPatient = true }: { isPatient?: boolean } = {},
): ConnectedStore {
  const { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl } = environment
  if (redisUrl && databaseUrl)
    throw new ConfigurationError(
      'REDIS_URL',
      'and DATABASE_URL are both set; credit lives in one place, so keep one of them.',
    )
  if (redisUrl) return connectRedis(redisUrl, logger, isPatient)
  if (databaseUrl) return connectPostgres(databaseUrl, logger)
  if (environment.NODE_ENV === 'production')
    throw new ConfigurationError(
      'REDIS_URL',
      'or DATABASE_URL must be set in production: without them balances would be lost at every restart.',
    )
  logger.warn(
    'stripe402: neither REDIS_URL nor DATABASE_URL is set: balances live in memory and are LOST when this process ends.',
  )
  return { store: new MemoryStore(), close: async () => {} }
}

function connectRedis(url: string, logger: Logger, isPatient: boolean): ConnectedStore {
  const { Redis }: typeof import('ioredis') = load('ioredis', 'REDIS_URL')
  const redis = new Redis(url, isPatient ? {} : { maxRetriesPerRequest: 2 })
  redis.on('error', () => logger.error('stripe402: the connection to Redis broke.'))
  return {
    store: new RedisStore(redis, { logger }),
    async close() {
      if (redis.status === 'ready') await redis.quit()
      else redis.disconnect()
    },
  }
}

function connectPostgres(connectionString: string, logger: Logger): ConnectedStore {
  const { Pool }: typeof import('pg') = load('pg', 'DATABASE_URL')
  const pool = new Pool({ connectionString })
  // An idle connection that breaks is an 'error' event, and without a listener the end of the process.
  pool.on('error', () => logger.error('stripe402: an idle connection to PostgreSQL broke.'))
  return { store: new PostgresStore(pool), close: () => pool.end() }
}

/** Optional peers are loaded when they are asked for, so that nobody needs both. */
function load<T>(name: string, variable: string): T {
  try {
    return createRequire(import.meta.url)(name)
  } catch (cause) {
    throw new ConfigurationError(
      variable,
      `is set, but the package "${name}" could not be loaded (${String(cause)}). Install it: npm install ${name}`,
    )
  }
}
