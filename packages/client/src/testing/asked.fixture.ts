import { isClientId } from '@stripe402/core'
import { type ClientStore, memoryStore } from '../client-store.js'
import type { ShopFixture } from './shop.fixture.js'

/** A memory of a path that has asked for payment before; `isProofDue`: with an account that the key has to prove again. */
export function asked(shop: ShopFixture, path: string, { isProofDue = false } = {}): ClientStore {
  const store = memoryStore()
  const { origin, pathname } = new URL(shop.url(path))
  const clientId = 'a'.repeat(64)
  if (!isClientId(clientId)) throw new Error('64 hexadecimal digits are a client id')
  const session = { token: 't'.repeat(43), heardAtMs: 0 }
  const clients = isProofDue ? { usd: { clientId, balanceUnits: 900, session } } : {}
  store.set(origin, { clients, asked: { [pathname]: { currency: 'usd', amountUnits: 100 } }, purchases: {} })
  return store
}
