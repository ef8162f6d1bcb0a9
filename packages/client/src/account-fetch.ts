import { HEADERS } from '@stripe402/core'
import { localStore } from './client-store.js'
import { hasKey, headerOf, type Keeper, proveFor, withEvidence } from './evidence.js'
import { newRequestId } from './new-id.js'
import { rawFetch } from './raw-fetch.js'
import { baseUrl } from './scope.js'
import { sendWithinOrigin } from './send-within-origin.js'
import { hasToldOtherwise, noteServerTime, serverAheadMs } from './server-clock.js'

/** Who asks: the account in this currency that the client knows at the origin of the URL. */
export interface AccountFetchOptions extends Partial<Keeper> {
  readonly currency: string
}

/**
 * Asks a seller about the account that this client knows there (its balance, its history), and shows whose it is. Buys and
 * spends nothing. `null` when no account is known. What shows whose account it is goes to no other origin.
 *
 * @throws TypeError as `fetch` does, and where a POST is redirected.
 * @example
 * ```ts
 * const response = await accountFetch('/.well-known/stripe402/balance', {}, { currency: 'usd' })
 * ```
 */
export async function accountFetch(
  url: string | URL,
  init: RequestInit,
  { currency, store = localStore(), deviceKeys }: AccountFetchOptions,
): Promise<Response | null> {
  const { origin, href } = new URL(url, baseUrl())
  const account = store.get(origin)?.clients[currency]
  if (!account) return null
  const { clientId } = account
  const keeper: Keeper = { store, deviceKeys }
  const method = (init.method ?? 'GET').toUpperCase()
  const redirect = init.redirect ?? (/^(GET|HEAD)$/.test(method) ? 'follow' : 'error')
  let isProved = false
  const ask = async (isProofWanted: boolean): Promise<Response> => {
    const details = { clientId, currency, requestId: newRequestId() }
    const showing = { origin, method, url: href, details, isProofWanted }
    const shown = await withEvidence(keeper, showing)
    isProved = shown.proof !== undefined
    const headers = new Headers(init.headers)
    headers.set(HEADERS.PAYMENT, headerOf(shown))
    const prove = isProved ? proveFor(keeper, showing) : undefined
    return sendWithinOrigin(rawFetch, href, { init: { ...init, headers, redirect }, prove })
  }
  const aheadMs = serverAheadMs(origin)
  const response = await ask(false)
  if (response.status !== 402 || !(await hasKey(keeper, origin))) return response
  noteServerTime(origin, response.headers.get('date'))
  // The same proof again, unless it was dated by a wrong clock.
  return isProved && !hasToldOtherwise(origin, aheadMs) ? response : ask(true)
}
