export { MemoryStore, type MemoryStoreOptions } from './memory-store.js'
export type { PostgresConnection } from './postgres/connection.js'
export { PostgresStore, type PostgresStoreOptions } from './postgres/postgres-store.js'
export { RedisStore, type RedisStoreOptions } from './redis/redis-store.js'
export type { ReplicaWait } from './redis/script-runner.js'
export {
  BlankStoreError,
  InvalidInputError,
  StoreUnavailableError,
  UnknownPurchaseError,
} from './store-error.js'
