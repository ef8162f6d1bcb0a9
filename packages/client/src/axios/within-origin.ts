import { HEADERS } from '@stripe402/core'
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import { isA } from '../body-snapshot.js'
import { sendWithinOrigin } from '../send-within-origin.js'

type Fetch = NonNullable<NonNullable<InternalAxiosRequestConfig['env']>['fetch']>

/** Where the answer to a request came from. Axios' fetch adapter keeps the request, and this to itself. */
const urls = new WeakMap<object, string>()
/** What is no origin's. */
const NOWHERE = 'about:blank'

/** One per fetch: axios keeps what it has made for each that it was given. */
const fetches = new WeakMap<Fetch, Fetch>()

const globalFetch: Fetch = (input, init) => globalThis.fetch(input, init)

/**
 * Where an answer came from; nowhere where its adapter does not tell, for it may have followed a redirect. Empty: where it was
 * asked.
 */
export function urlOf({ request, config }: AxiosResponse): string {
  return (
    urls.get(Object(request)) ??
    request?.responseURL ??
    request?.res?.responseUrl ??
    (config.maxRedirects === 0 ? '' : NOWHERE)
  )
}

/**
 * What keeps a credential from going along a redirect to another origin, by adapter: `beforeRedirect` for Node's http,
 * `env.fetch` for fetch. XMLHttpRequest follows by itself, and the browser asks the other origin first.
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
  const within: Fetch = async (input, init) => {
    const request = isA('Request', input) ? input : String(input)
    const headers = isA('Request', request) ? request.headers : new Headers(init?.headers)
    const response = await (headers.has(HEADERS.PAYMENT)
      ? sendWithinOrigin(base, request, { init: init ?? {} })
      : base(input, init))
    urls.set(Object(request), response.url)
    return response
  }
  fetches.set(base, within)
  return within
}
