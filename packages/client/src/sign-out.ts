import { type AccountFetchOptions, accountFetch } from './account-fetch.js'
import { browserKeys } from './browser-keys.js'
import { localStore } from './client-store.js'
import type { Keeper } from './evidence.js'
import { rawFetch } from './raw-fetch.js'

/**
 * Forgets the accounts of an origin and their key in this browser, in every tab, or in the `store` and `deviceKeys` that a client
 * was given. Their credit stays with the cards: paying with the same card finds it again. A purchase whose outcome is not known
 * yet is kept.
 */
export async function signOut(
  origin: string,
  { store = localStore(), deviceKeys = browserKeys() }: Partial<Keeper> = {},
): Promise<void> {
  const record = store.get(origin)
  const hadSession = Object.values(record?.clients ?? {}).some(({ session }) => session)
  if (record) store.set(origin, { ...record, clients: {}, signOuts: (record.signOuts ?? 0) + 1 })
  await Promise.allSettled([
    // Where keys are blocked there is none.
    deviceKeys?.forget(origin),
    hadSession && origin === globalThis.location?.origin && forgetBrowser(origin),
  ])
}

/**
 * Signs every device out of the account in this currency, then this browser. False when the seller did not: nothing is
 * forgotten then.
 *
 * @throws TypeError when the seller cannot be reached.
 */
export async function signOutEverywhere(
  origin: string,
  currency: string,
  keeper: Omit<AccountFetchOptions, 'currency'> = {},
): Promise<boolean> {
  const url = `${origin}/.well-known/stripe402/sign-out`
  const response = await accountFetch(url, { method: 'POST' }, { ...keeper, currency })
  if (!response?.ok) return false
  await signOut(origin, keeper)
  return true
}

/** No script can end its cookie. Whoever is offline keeps it for ten minutes at most. */
function forgetBrowser(origin: string): Promise<Response> {
  // A person who signs out often leaves the page with that.
  return rawFetch(`${origin}/.well-known/stripe402/forget-browser`, { method: 'POST', keepalive: true })
}
