import { HEADERS } from '@stripe402/core'
import type { HeldStream } from './hold-stream.js'
import { sendWithinOrigin } from './send-within-origin.js'

/** A `fetch` of the app, kept so that it can be made again. */
export interface FetchCall {
  readonly base: typeof fetch
  readonly url: URL
  /** The Request that the app made, if it made one. */
  readonly given: Request | undefined
  /** A copy of the init that the app gave. */
  readonly options: RequestInit | undefined
  /** Whether the init names headers; they take the place of the Request's. */
  readonly hasOwnHeaders: boolean
  readonly headers: Headers
  /** The body, where it is a stream that is kept. */
  readonly held: HeldStream | null
  /** An unused copy of a Request with a body. */
  spare: Request | undefined
  isSent: boolean
}

/** Makes the call from the copies, with this `payment` header if any, to its own URL or to where it was redirected. */
export async function sendPaid(call: FetchCall, payment: string | null, target: string): Promise<Response> {
  const { base, url, options, hasOwnHeaders, headers, held } = call
  if (payment) headers.set(HEADERS.PAYMENT, payment)
  const next = requestAgain(call, target)
  if (options && held && call.isSent) options.body = held.bytes()
  call.isSent = true
  const init = { ...options, ...(next && !hasOwnHeaders ? {} : { headers }) }
  // Without a credential the platform follows, and an init would reset the referrer of a Request.
  if (!payment) return next && !options ? base(next) : base(next ?? target, init)
  const reply = await sendWithinOrigin(base, next ?? target, init)
  // The end of a redirect was asked directly, which the app need not know.
  return target === url.href ? reply : Object.defineProperty(reply, 'redirected', { value: true })
}

/** What to send to: the standard would reset the referrer of a Request that comes with a new init. */
function requestAgain(call: FetchCall, target: string): Request | undefined {
  const { given, url, headers } = call
  if (!given) return undefined
  let next = call.spare
  if (!next) next = given.clone()
  else if (call.isSent) call.spare = next.clone()
  // The body of the given one counts as used after the first attempt, as it would natively.
  else next = new Request(given)
  if (target !== url.href) next = new Request(target, next)
  for (const name of [...next.headers.keys()]) if (!headers.has(name)) next.headers.delete(name)
  for (const [name, value] of headers) next.headers.set(name, value)
  return next
}
