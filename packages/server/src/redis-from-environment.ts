import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { ConfigurationError } from './configuration-error.js'
import type { Environment } from './environment.js'
import type { ReplicaWait } from './store/index.js'
import type { StorePatience } from './store-from-environment.js'

type Library = Pick<typeof import('ioredis'), 'Cluster' | 'Redis'>

/** So often a command line tries to reach a Redis; a server does not give up. */
const MOST_TRIES = 2
const DEFAULT_WAIT_MS = 100

/**
 * Connects to the Redis of `REDIS_URL`; with `REDIS_CLUSTER=true` to the Cluster of which it names a node, or several with
 * commas between them.
 *
 * @throws ConfigurationError for a `REDIS_CLUSTER` that is neither true nor false, and an address that is none.
 */
export function openRedis(
  { Cluster, Redis }: Library,
  environment: Environment,
  { isPatient, patience }: { isPatient: boolean; patience: StorePatience },
): Redis | Cluster {
  const { REDIS_URL: url = '', REDIS_CLUSTER: cluster = '' } = environment
  const limits = {
    connectTimeout: patience.connectMs,
    commandTimeout: patience.answerMs,
    // A connection on which nothing comes back is given up, not only the command: another one may reach Redis.
    socketTimeout: patience.answerMs,
    ...(!isPatient && { maxRetriesPerRequest: MOST_TRIES }),
  }
  if (!['', 'true', 'false'].includes(cluster))
    throw new ConfigurationError('REDIS_CLUSTER', `is "${cluster}": use true or false.`)
  if (cluster !== 'true') return new Redis(url, limits)
  const urls = url.split(',').map((one) => one.trim())
  return new Cluster(urls, {
    redisOptions: { ...limits, ...credentialsIn(urls[0]) },
    ...(!isPatient && { clusterRetryStrategy: (tries) => (tries > MOST_TRIES ? null : 200) }),
  })
}

/** Nodes that a Cluster names by itself are asked under the name and password of the first one that was named here. */
function credentialsIn(url = ''): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  if (!URL.canParse(url))
    throw new ConfigurationError(
      'REDIS_URL',
      'must be addresses like redis://host:6379, with commas between them.',
    )
  const { username, password, protocol } = new URL(url)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

/**
 * The replicas that `REDIS_WAIT_REPLICAS` wants to have what records money, within `REDIS_WAIT_MS` (100).
 *
 * @throws ConfigurationError for what is no whole number from 1.
 */
export function replicaWaitIn(environment: Environment): ReplicaWait | undefined {
  const { REDIS_WAIT_REPLICAS: count, REDIS_WAIT_MS: timeoutMs } = environment
  if (!count) return undefined
  return {
    count: readCount('REDIS_WAIT_REPLICAS', count),
    timeoutMs: timeoutMs ? readCount('REDIS_WAIT_MS', timeoutMs) : DEFAULT_WAIT_MS,
  }
}

function readCount(variable: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new ConfigurationError(variable, `is "${text}": use a whole number from 1.`)
}
