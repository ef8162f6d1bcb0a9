import { isA } from './body-snapshot.js'
import { followRedirect } from './follow-redirect.js'
import { isRedirect } from './is-redirect.js'
import type { Prove } from './payable-request.js'
import { baseUrl } from './scope.js'

/**
 * Sends a request that carries a credential, which goes to no other origin: a header of ours would survive a redirect
 * to one.
 *
 * A page is not told where a redirect leads. Where the request cannot be asked for twice (POST), the platform follows
 * within the page's own origin, and nobody from another one.
 */
export async function sendWithinOrigin(
  base: typeof fetch,
  input: Request | string,
  { init, prove }: { init: RequestInit; prove?: Prove | undefined },
): Promise<Response> {
  const request = isA('Request', input) ? input : undefined
  const method = init.method ?? request?.method ?? 'GET'
  const isFollowed = (init.redirect ?? request?.redirect ?? 'follow') === 'follow'
  if (!isFollowed) return base(input, init)
  const call = { ...(request && referrerOf(request, init)), ...init }
  const url = new URL(request?.url ?? String(input), baseUrl())
  if (url.origin === globalThis.location?.origin && !/^(GET|HEAD)$/i.test(method)) {
    const isFree = (init.mode ?? request?.mode ?? 'cors') === 'cors'
    return isFree ? base(input, { ...call, mode: 'same-origin' }) : base(input, init)
  }
  const spare = request?.body ? request.clone() : request
  const reply = await base(input, { ...call, redirect: 'manual' })
  if (!isRedirect(reply)) {
    if (spare !== request) spare?.body?.cancel().catch(() => {})
    return reply
  }
  return followRedirect({ base, url, request: spare, init: call, prove }, reply)
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
