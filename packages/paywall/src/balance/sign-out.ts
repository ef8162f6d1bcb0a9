import { signOut as forget } from '@stripe402/client'

/** Forgets the account of an origin and its key in this browser, in every tab. */
export function signOut(origin: string): void {
  void forget(origin)
  // Other tabs are told by the browser; this one hears the same.
  dispatchEvent(new StorageEvent('storage', { key: null }))
}
