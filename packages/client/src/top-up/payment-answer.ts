import type { NextAction, PaymentRequired } from '@stripe402/core'
import type { Exchange } from '../exchange.js'
import type { PayableRequest } from '../payable-request.js'
import { peekBody } from '../peek-body.js'

/** What an answer to a payment means for the purchase. */
export type PaymentAnswer =
  /** The credit is there. */
  | { type: 'paid' }
  /** Definitely not paid; another try needs a new purchase. */
  | { type: 'refused'; challenge: PaymentRequired }
  /** The bank wants 3-D Secure; the purchase stays open. */
  | { type: 'check'; challenge: PaymentRequired; nextAction: NextAction }
  /** Money may have moved; ask again with the same purchase. */
  | { type: 'pending'; retryAfterMs: number }
  /** Not to be tried now, if the server itself says so: see {@link faultOf}. */
  | { type: 'stopped'; error: string }
  /** The resource, or a proxy, failed by itself and says nothing about the purchase. */
  | { type: 'unclear'; error: string }

const STOPS: Readonly<Record<number, string>> = {
  403: 'account_frozen',
  429: 'rate_limited',
  503: 'unavailable',
}

/** Reads an answer to a request that carried a payment. */
export function readAnswer({ reply, receipt, challenge }: Exchange): PaymentAnswer {
  const { status } = reply
  if (challenge) {
    const { error, nextAction } = challenge
    return error === 'authentication_required' && nextAction
      ? { type: 'check', challenge, nextAction }
      : { type: 'refused', challenge }
  }
  if (receipt || status < 400) return { type: 'paid' }
  const retryAfter = reply.headers.get('retry-after')
  // A handler may answer 409 for reasons of its own; ours always says when to come back.
  if (status === 409 && retryAfter) return { type: 'pending', retryAfterMs: delayMs(retryAfter) }
  const error = STOPS[status]
  return error ? { type: 'stopped', error } : { type: 'unclear', error: `HTTP ${status}` }
}

/**
 * Why nobody can pay now, as the body of the server's own answer says: only a 402 comes with a challenge. `undefined` for
 * whoever else answers so, a proxy, a firewall or the resource itself.
 */
export async function faultOf({ reply }: Exchange, request: PayableRequest): Promise<string | undefined> {
  const isJson = /json/.test(reply.headers.get('content-type') ?? '')
  const text = isJson ? await (request.peek?.(reply) ?? peekBody(reply)) : ''
  return /"errorCode":"(seller_misconfigured|unavailable|rate_limited|account_frozen)"/.exec(text)?.[1]
}

/** `Retry-After` as milliseconds between half a second and half a minute; it may be seconds or a date. */
function delayMs(retryAfter: string): number {
  const wanted = Number(retryAfter) * 1000 || Date.parse(retryAfter) - Date.now() || 0
  return Math.min(Math.max(wanted, 500), 30_000)
}
