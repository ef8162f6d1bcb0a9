export { MemoryStore, type MemoryStoreOptions } from './memory-store.js'
export { RedisStore, type RedisStoreOptions } from './redis/redis-store.js'
export { InvalidInputError, StoreUnavailableError, UnknownPurchaseError } from './store-error.js'
