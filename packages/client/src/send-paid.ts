import { HEADERS } from '@stripe402/core'
import { copyBody, isA } from './body-snapshot.js'
import { type HeldStream, holdStream } from './hold-stream.js'
import { isStream } from './is-stream.js'
import type { PayableRequest } from './payable-request.js'
import { sendWithinOrigin } from './send-within-origin.js'

/** A `fetch` of the app, kept so that it can be made again. */
export interface FetchCall {
  readonly base: typeof fetch
  readonly url: URL
  /** The Request that the app made, if it made one. */
  readonly given: Request | undefined
  /** A copy of the init that the app gave. */
  readonly options: RequestInit | undefined
  readonly headers: Headers
  /** How much of the body is to be kept, where it is a stream and any of it is. */
  readonly streamLimitBytes: number | false | undefined
  /** What of it has passed. */
  held?: HeldStream
  /** An unused copy of a Request with a body. */
  spare: Request | undefined
  isSent: boolean
  /** Nobody can change its body any more, however large it is. */
  isCopied?: boolean
}

/** Makes the call from the copies, with this `payment` header if any, to its own URL or to where it was redirected. */
export async function sendPaid(
  call: FetchCall,
  ...[payment, target, prove]: Parameters<PayableRequest['send']>
): Promise<Response> {
  const { base, url, options, headers } = call
  if (payment) headers.set(HEADERS.PAYMENT, payment)
  const next = requestAgain(call, target)
  keepStream(call)
  call.isSent = true
  // Headers of an init take the place of the Request's.
  const init = { ...options, ...(next && !options?.headers ? {} : { headers }) }
  // Without a credential the platform follows, and an init would reset the referrer of a Request.
  if (!payment) return next && !options ? base(next) : base(next ?? target, init)
  const reply = await sendWithinOrigin(base, next ?? target, { init, prove })
  // The end of a redirect was asked directly, which the app need not know.
  return target === url.href ? reply : Object.defineProperty(reply, 'redirected', { value: true })
}

/** Whether the body can be sent once more. */
export function canSendAgain(call: FetchCall): boolean {
  const { held, options } = call
  if (held) return held.isWhole()
  try {
    if (isStream(options?.body)) return false
    // Somebody decides from now on, while the app may change what was too large to be copied before.
    if (options?.body && !call.isCopied) options.body = copyBody(options.body)
    call.isCopied = true
    return true
  } catch {
    // It was given away, so that its bytes are elsewhere, or has only the name of a form.
    return false
  }
}

/** A stream can be read once: what passes the first time is what is sent again. */
function keepStream(call: FetchCall): void {
  const { options, streamLimitBytes, held } = call
  if (options && held) options.body = held.bytes()
  else if (streamLimitBytes && isA('ReadableStream', options?.body) && !call.isSent) {
    call.held = holdStream(options.body, streamLimitBytes)
    options.body = call.held.stream
  }
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
