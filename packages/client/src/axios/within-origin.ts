import { HEADERS } from '@stripe402/core'
import type { InternalAxiosRequestConfig } from 'axios'
import { isA } from '../body-snapshot.js'
import { sendWithinOrigin } from '../send-within-origin.js'

type Fetch = NonNullable<NonNullable<InternalAxiosRequestConfig['env']>['fetch']>

/** One per fetch: axios keeps what it has made for each that it was given. */
const fetches = new WeakMap<Fetch, Fetch>()

const globalFetch: Fetch = (input, init) => globalThis.fetch(input, init)

/**
 * What keeps a credential from going along a redirect to another origin, by adapter: `beforeRedirect` for Node's http,
 * `env.fetch` for fetch (axios 1.12). XMLHttpRequest follows by itself, and the browser asks the other origin first.
 */
export function withinOrigin(
  { beforeRedirect, env }: InternalAxiosRequestConfig,
  url: URL,
): Pick<InternalAxiosRequestConfig, 'beforeRedirect' | 'env'> {
  return {
    env: { ...env, fetch: fetchWithinOrigin(env?.fetch ?? globalFetch) },
    beforeRedirect(options, ...details) {
      if (new URL(options.href).origin !== url.origin) delete options.headers?.[HEADERS.PAYMENT]
      beforeRedirect?.(options, ...details)
    },
  }
}

function fetchWithinOrigin(base: Fetch): Fetch {
  const known = fetches.get(base)
  if (known) return known
  const within: Fetch = (input, init) =>
    sendWithinOrigin(base, isA('Request', input) ? input : String(input), init ?? {})
  fetches.set(base, within)
  return within
}
