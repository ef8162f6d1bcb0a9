import { localStore } from '@stripe402/client'

/**
 * Forgets the account of an origin in this browser, in every tab. Its credit stays with the card: paying with the same
 * card finds it again. A purchase whose outcome is not known yet is kept.
 */
export function signOut(origin: string): void {
  const store = localStore()
  const record = store.get(origin)
  if (!record) return
  store.set(origin, { ...record, clients: {}, signOuts: (record.signOuts ?? 0) + 1 })
  // Other tabs are told by the browser; this one hears the same.
  dispatchEvent(new StorageEvent('storage', { key: null }))
}
