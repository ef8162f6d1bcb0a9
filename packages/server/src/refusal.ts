import {
  ERROR_STATUS,
  ERROR_TITLE,
  HEADERS,
  isErrorCode,
  type PaymentRequired,
  type PaymentResponse,
  serializePaymentRequired,
  serializePaymentResponse,
} from '@stripe402/core'
import type { PaidRequest } from './paid-request.js'
import { paywallPage } from './paywall-page.js'
import { isFromElsewhere } from './proof/navigation.js'
import type { Settings } from './settings.js'
import type { Refusal } from './top-up/outcome.js'

/** A whole HTTP answer, for an adapter to send as it is. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** What page scripts of another origin may read. A proof is dated by the seller's clock. */
export const EXPOSED_HEADERS: string = `${HEADERS.PAYMENT_REQUIRED}, ${HEADERS.PAYMENT_RESPONSE}, retry-after, date`

/**
 * Says no over HTTP: the challenge in the header and in the body, as JSON (RFC 9457) or, to a browser's navigation, as
 * a page with the paywall.
 */
export function answerRefusal(
  settings: Settings,
  request: PaidRequest,
  challenge: PaymentRequired,
  refusal: Refusal | { type: 'unpaid' },
): Answer {
  const status = refusal.type === 'refused' ? ERROR_STATUS[refusal.error] : 402
  const headers: Record<string, string> = {
    'cache-control': 'no-store',
    vary: 'payment, Accept',
    'access-control-expose-headers': EXPOSED_HEADERS,
    // Only a 402 invites a payment. The others would be read as one by a client that looks at the header alone.
    ...(status === 402 && { [HEADERS.PAYMENT_REQUIRED]: serializePaymentRequired(challenge) }),
    ...(refusal.type === 'refused' &&
      refusal.retryAfterMs !== undefined && {
        'retry-after': String(Math.ceil(refusal.retryAfterMs / 1000)),
      }),
  }
  if (status === 402 && prefersHtml(request))
    return {
      status,
      // In a frame of somebody else's page, a person could be led to press what they do not see.
      headers: {
        ...headers,
        vary: 'payment, Accept, Accept-Language',
        'content-type': 'text/html; charset=utf-8',
        'x-frame-options': 'SAMEORIGIN',
      },
      body: paywallPage(settings, challenge, {
        nonce: request.nonce,
        styleNonce: request.styleNonce,
        isFromElsewhere: isFromElsewhere(request),
        acceptLanguage: request.header('accept-language'),
      }),
    }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ ...challenge, ...problem(challenge, status) }),
  }
}

/** Says yes over HTTP: the receipt in its header, and a JSON body. */
export function answerReceipt(receipt: PaymentResponse, body: object): Answer {
  return {
    status: 200,
    headers: {
      'cache-control': 'no-store',
      vary: 'payment, Accept',
      'access-control-expose-headers': EXPOSED_HEADERS,
      'content-type': 'application/json; charset=utf-8',
      [HEADERS.PAYMENT_RESPONSE]: serializePaymentResponse(receipt),
    },
    body: JSON.stringify(body),
  }
}

/** Says no where there is nothing to buy: a problem document without a challenge. */
export function answerProblem(refusal: Refusal): Answer {
  const { error, message, retryAfterMs } = refusal
  return {
    status: ERROR_STATUS[error],
    headers: {
      'cache-control': 'no-store',
      vary: 'payment, Accept',
      'access-control-expose-headers': EXPOSED_HEADERS,
      'content-type': 'application/problem+json; charset=utf-8',
      ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
    body: JSON.stringify(problem({ error, message }, ERROR_STATUS[error])),
  }
}

/** Says no to a request whose body cannot be read, whoever pays for it. */
export function answerUnreadable(): Answer {
  return answerBadRequest('The body is nested too deeply to be paid for.')
}

/** Says no to a request that nobody could answer, whoever sends it and whatever they have. */
export function answerBadRequest(detail: string): Answer {
  return {
    status: 400,
    headers: {
      'cache-control': 'no-store',
      vary: 'payment, Accept',
      'access-control-expose-headers': EXPOSED_HEADERS,
      'content-type': 'application/problem+json; charset=utf-8',
    },
    body: JSON.stringify({ title: 'Bad Request', status: 400, detail }),
  }
}

/** The original's failure members and RFC 9457's, side by side; only on a refusal, not on the first challenge. */
function problem(
  challenge: Pick<PaymentRequired, 'error' | 'message'>,
  status: number,
): Record<string, unknown> {
  const { error, message } = challenge
  if (error === undefined || !isErrorCode(error)) return { status, title: 'Payment Required' }
  return {
    success: false,
    errorCode: error,
    error: message,
    creditsRemaining: 0,
    clientId: '',
    type: `urn:stripe402:error:${error}`,
    title: ERROR_TITLE[error],
    status,
    detail: message,
  }
}

/** A browser that navigates asks for a page first; a script that takes anything does not. */
function prefersHtml(request: PaidRequest): boolean {
  const accept = request.header('accept') ?? ''
  const html = accept.indexOf('text/html')
  const json = accept.indexOf('json')
  return html >= 0 && (json < 0 || html < json) && request.method !== 'HEAD'
}
