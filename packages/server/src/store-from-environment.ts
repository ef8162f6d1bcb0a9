import { createRequire } from 'node:module'
import { ConfigurationError } from './configuration-error.js'
import type { Environment } from './environment.js'
import { openRedis, replicaWaitIn } from './redis-from-environment.js'
import type { Logger } from './settings.js'
import { MemoryStore, PostgresStore, RedisStore } from './store/index.js'
import type { Store } from './store.js'

/** A store with a connection of its own. */
export interface ConnectedStore {
  store: Store
  /** Ends the connection. */
  close(): Promise<void>
}

/** How long a store may take. What takes longer is an error, and of a command the outcome is then unknown. */
export interface StorePatience {
  connectMs: number
  answerMs: number
}

/** How a store is opened. */
export interface StoreManner {
  /** Whether commands wait for a Redis that is not there yet, as those of a server should. */
  isPatient?: boolean
  /** Time limits; those of a server unless told otherwise. */
  patience?: StorePatience
  /** Whether it drops the oldest lines of a history; how many an account keeps is for its server to say. */
  trimsHistory?: boolean
}

/** A request waits for the store; nobody waits longer than this for a page. */
const SERVER_PATIENCE: StorePatience = { connectMs: 5000, answerMs: 10_000 }

const UNTRIMMED = { historyLimit: Number.MAX_SAFE_INTEGER }

/**
 * The store that `REDIS_URL` or `DATABASE_URL` chooses; with neither one in memory, which is said loudly. `REDIS_CLUSTER`,
 * `REDIS_WAIT_REPLICAS`, `REDIS_WAIT_MS` and `DATABASE_SCHEMA` say how it is set up.
 *
 * @throws ConfigurationError for both, for a package that is not installed, and in production for neither.
 */
export function storeFromEnvironment(
  environment: Environment,
  logger: Logger,
  manner: StoreManner = {},
): ConnectedStore {
  const { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl } = environment
  if (redisUrl && databaseUrl)
    throw new ConfigurationError(
      'REDIS_URL and DATABASE_URL',
      'are both set; credit lives in one place, so keep one of them.',
    )
  if (redisUrl) return connectRedis(environment, logger, manner)
  if (databaseUrl) return connectPostgres(environment, logger, manner)
  if (environment.NODE_ENV === 'production')
    throw new ConfigurationError(
      'REDIS_URL or DATABASE_URL',
      'must be set in production: without them balances would be lost at every restart.',
    )
  logger.warn(
    'stripe402: neither REDIS_URL nor DATABASE_URL is set: balances live in memory and are LOST when this process ends.',
  )
  return { store: new MemoryStore(), close: async () => {} }
}

function connectRedis(
  environment: Environment,
  logger: Logger,
  { isPatient = true, patience = SERVER_PATIENCE, trimsHistory = true }: StoreManner,
): ConnectedStore {
  const waitForReplicas = replicaWaitIn(environment)
  const redis = openRedis(load<typeof import('ioredis')>('ioredis', 'REDIS_URL'), environment, {
    isPatient,
    patience,
  })
  redis.on('error', () => logger.error('stripe402: the connection to Redis broke.'))
  return {
    store: new RedisStore(redis, {
      logger,
      ...(waitForReplicas && { waitForReplicas }),
      ...(!trimsHistory && UNTRIMMED),
    }),
    async close() {
      if (redis.status === 'ready') await redis.quit()
      else redis.disconnect()
    },
  }
}

function connectPostgres(
  { DATABASE_URL: connectionString, DATABASE_SCHEMA: schema }: Environment,
  logger: Logger,
  { patience = SERVER_PATIENCE, trimsHistory = true }: StoreManner,
): ConnectedStore {
  const { Pool }: typeof import('pg') = load('pg', 'DATABASE_URL')
  const pool = new Pool({
    connectionString,
    // Also how long a request waits while all connections are taken.
    connectionTimeoutMillis: patience.connectMs,
    // Ours, not the server's statement_timeout: a server that hangs keeps no time, and poolers refuse that parameter.
    query_timeout: patience.answerMs,
  })
  // An idle connection that breaks is an 'error' event, and without a listener the end of the process.
  pool.on('error', () => logger.error('stripe402: an idle connection to PostgreSQL broke.'))
  const store = new PostgresStore(pool, { ...(schema && { schema }), ...(!trimsHistory && UNTRIMMED) })
  return { store, close: () => pool.end() }
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
