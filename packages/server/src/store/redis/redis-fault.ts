import { bareCause, StoreUnavailableError } from '../store-error.js'

// What Redis answers when it cannot serve for a reason that an operator can mend: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
const REASONS: Readonly<Record<string, string>> = {
  READONLY: 'Redis is a read-only replica, probably after a failover.',
  OOM: 'Redis has no memory left. Raise maxmemory.',
  MISCONF: 'Redis cannot write to its disk and refuses changes.',
  NOREPLICAS: 'Redis has fewer replicas than min-replicas-to-write asks for.',
  LOADING: 'Redis is still loading its data.',
  MOVED: 'This Redis is one node of a Cluster: connect with new Cluster(…) of ioredis.',
  CLUSTERDOWN: 'The Redis Cluster does not serve all its slots.',
  MASTERDOWN: 'Redis has lost its primary.',
  BUSY: 'Redis is busy with a script.',
  NOAUTH: 'Redis asks for a password.',
  WRONGPASS: 'Redis refused the user name or password.',
  NOPERM: 'The Redis user lacks a permission.',
}

/** Any rejection of ioredis as an error of ours. */
export function redisFault(error: unknown): StoreUnavailableError {
  if (error instanceof StoreUnavailableError) return error
  const code = error instanceof Error ? (error.message.match(/^-?([A-Z]+)\b/)?.[1] ?? '') : ''
  const reason = REASONS[code] ?? 'Redis did not answer.'
  return new StoreUnavailableError(`${reason} The outcome is unknown.`, { cause: bareCause(error) })
}
