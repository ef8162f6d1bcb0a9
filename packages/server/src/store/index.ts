export { MemoryStore, type MemoryStoreOptions } from './memory-store.js'
export { InvalidInputError, StoreUnavailableError, UnknownPurchaseError } from './store-error.js'
