import { HEADERS } from '@stripe402/core'
import type { Reply } from '../payable-request.js'

/** The answer of a native request, as far as it has come. The app may be shown another status. */
export function replyOf(xhr: XMLHttpRequest, status: number): Reply {
  const { responseURL: url } = xhr
  return { status, url, headers: { get: (name) => headerOf(xhr, name) } }
}

/**
 * Whether an answer whose headers have come may not be the last one: the app must not see it yet. `status` is the native
 * one: from the second attempt on, the request shows the app that it has none.
 */
export function mayBePaid(xhr: XMLHttpRequest, status: number, origin: string): boolean {
  if (xhr.responseURL && new URL(xhr.responseURL).origin !== origin) return false
  if (status === 409) return headerOf(xhr, 'retry-after') !== null
  if (status !== 402) return false
  const header = headerOf(xhr, HEADERS.PAYMENT_REQUIRED)
  if (!header) return /json/.test(headerOf(xhr, 'content-type') ?? '')
  return mayBeOurs(header)
}

/** Whether a challenge has to be looked at more closely: what cannot be decoded may be whole in the body. */
function mayBeOurs(header: string): boolean {
  try {
    return atob(header.replace(/-/g, '+').replace(/_/g, '/')).includes('"stripe402Version"')
  } catch {
    return true
  }
}

// Asking for a header that CORS hides would put an error on the console; the list of all leaves it out silently.
function headerOf(xhr: XMLHttpRequest, name: string): string | null {
  const lines = xhr.getAllResponseHeaders()
  return new RegExp(`^${name}: (.*)$`, 'im').exec(lines)?.[1] ?? null
}
