import type { PaidRequest } from '../paid-request.js'
import { endedCookie } from '../proof/navigation.js'
import type { Answer } from '../refusal.js'

/**
 * Answers `POST /.well-known/stripe402/forget-browser`: ends the cookie of this browser, which no script can. What another site
 * could do with it is to have a person press a button once more.
 */
export function answerForgetBrowser(request: PaidRequest): Answer {
  return { status: 204, headers: { 'cache-control': 'no-store', ...endedCookieHeader(request) }, body: '' }
}

/** The header that ends the cookie, if there can be one. */
export function endedCookieHeader(request: PaidRequest): Record<string, string> {
  const ended = endedCookie(request)
  return ended === undefined ? {} : { 'set-cookie': ended }
}
