import { isA } from './body-snapshot.js'
import { followRedirect } from './follow-redirect.js'
import { isRedirect } from './is-redirect.js'
import { baseUrl } from './scope.js'

/**
 * Sends a request that carries a credential, which goes to no other origin: a header of ours would survive a redirect
 * to one.
 *
 * Where a page cannot be told where a redirect leads and the request cannot be asked for twice (POST), the platform
 * follows, and the browser asks the other origin first whether it takes the header.
 */
export async function sendWithinOrigin(
  base: typeof fetch,
  input: Request | string,
  init: RequestInit,
): Promise<Response> {
  const request = isA('Request', input) ? input : undefined
  const method = init.method ?? request?.method ?? 'GET'
  const isFollowed = (init.redirect ?? request?.redirect ?? 'follow') === 'follow'
  if (!isFollowed || (baseUrl() && !/^(GET|HEAD)$/i.test(method))) return base(input, init)
  const call = { ...(request && referrerOf(request, init)), ...init }
  const spare = request?.body ? request.clone() : request
  const reply = await base(input, { ...call, redirect: 'manual' })
  if (!isRedirect(reply)) {
    if (spare !== request) spare?.body?.cancel().catch(() => {})
    return reply
  }
  return followRedirect(
    { base, url: new URL(request?.url ?? String(input)), request: spare, init: call },
    reply,
  )
}

/** An init of our own would reset the referrer of a Request. Whether the app's has done so is for the platform to say. */
function referrerOf(
  { url, referrer, referrerPolicy }: Request,
  init: RequestInit,
): Pick<RequestInit, 'referrer' | 'referrerPolicy'> {
  const bodiless = { ...init, ...(init.method && { method: 'GET' }), ...(init.body && { body: null }) }
  const resolved = new Request(new Request(url, { referrer, referrerPolicy }), bodiless)
  return { referrer: resolved.referrer, referrerPolicy: resolved.referrerPolicy }
}
