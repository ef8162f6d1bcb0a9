import { accountFetch } from './account-fetch.js'
import { browserKeys } from './browser-keys.js'
import { localStore } from './client-store.js'
import { rawFetch } from './raw-fetch.js'

/**
 * Forgets the accounts of an origin and their key in this browser, in every tab. Their credit stays with the cards: paying
 * with the same card finds it again. A purchase whose outcome is not known yet is kept.
 */
export async function signOut(origin: string): Promise<void> {
  const store = localStore()
  const record = store.get(origin)
  const hadSession = Object.values(record?.clients ?? {}).some(({ session }) => session)
  if (record) store.set(origin, { ...record, clients: {}, signOuts: (record.signOuts ?? 0) + 1 })
  // No script can end its cookie. Whoever is offline keeps it for ten minutes at most.
  if (hadSession && origin === globalThis.location?.origin)
    void rawFetch(`${origin}/.well-known/stripe402/forget-browser`, { method: 'POST' }).catch(() => {})
  // Where keys are blocked there is none.
  await browserKeys()
    ?.forget(origin)
    .catch(() => {})
}

/**
 * Signs every device out of the account in this currency, then this browser. False when the seller did not: nothing is
 * forgotten then.
 *
 * @throws TypeError when the seller cannot be reached.
 */
export async function signOutEverywhere(origin: string, currency: string): Promise<boolean> {
  const url = `${origin}/.well-known/stripe402/sign-out`
  const response = await accountFetch(url, { method: 'POST' }, { currency })
  if (!response?.ok) return false
  await signOut(origin)
  return true
}
