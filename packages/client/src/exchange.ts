import {
  encodeHeader,
  HEADERS,
  type Payment,
  type PaymentRequired,
  type PaymentResponse,
  readPaymentRequired,
  readPaymentRequiredBody,
  readPaymentResponse,
  STRIPE402_VERSION,
} from '@stripe402/core'
import type { Client } from './client.js'
import { type EventRequest, emit } from './events.js'

/** What the flow needs to see of an answer. A `Response` is one. */
export interface Reply {
  readonly status: number
  /** Where it came from after redirects; empty when unknown. */
  readonly url: string
  readonly headers: { get(name: string): string | null }
}

/** A request that can be sent as often as it takes: what fetch, XMLHttpRequest and axios translate to. */
export interface PayableRequest<R extends Reply = Reply> {
  readonly url: URL
  readonly method: string
  readonly signal?: AbortSignal | null | undefined
  /** False for what must not or cannot be sent again: keepalive requests, bodies that are streams. */
  readonly isReplayable: boolean
  /** Sends it, with this `payment` header if any, to this URL (the request's own, or where it was redirected). */
  send(paymentHeader: string | null, url: string): Promise<R>
  /** Reads the start of the body, leaving the reply as it was. */
  peek(reply: R): Promise<string>
  /** No further attempt will be made: copies can go. */
  release?(): void
}

/** One request and its answer, with the three headers decoded. */
export interface Exchange<R extends Reply = Reply> {
  readonly reply: R
  readonly payment: Payment | null
  readonly receipt: PaymentResponse | null
  /** Only for a 402 of ours from the origin that was asked. */
  readonly challenge: PaymentRequired | null
}

/** A payment without its version, which is always the same, and with its currency, which we always know. */
export type PaymentDetails = Omit<Payment, 'stripe402Version'> & { currency: string }

/** Sends a request once, notes what the answer says about account and balance, and reports the exchange. */
export async function exchange<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
  details: PaymentDetails | null,
  url: string = request.url.href,
): Promise<Exchange<R>> {
  const startedAt = Date.now()
  const before = client.progress.receipts
  const payment: Payment | null = details && { stripe402Version: STRIPE402_VERSION, ...details }
  const reply = await request.send(payment && encodeHeader(payment), url)
  const paid = readPaymentResponse(payment && reply.headers.get(HEADERS.PAYMENT_RESPONSE))
  const receipt = paid.ok ? paid.value : null
  const challenge = reply.status === 402 ? await challengeOf(client, request, reply) : null
  if (receipt && details) {
    const { origin } = request.url
    const currency = receipt.currency ?? details.currency
    const overlapped = before !== client.progress.receipts++
    const balance = client.memoryOf(origin).rememberReceipt(currency, receipt, overlapped)
    if (balance !== undefined) emit(client.events, 'balance-change', { origin, currency, balance })
  }
  if (payment || challenge)
    emit(client.events, 'exchange', {
      ...about(request),
      status: reply.status,
      payment,
      challenge,
      receipt,
      startedAt,
      durationMs: Date.now() - startedAt,
    })
  return { reply, payment, receipt, challenge }
}

/** The members that every event about a request has. */
export function about({ url, method }: { url: URL; method: string }): EventRequest {
  return { origin: url.origin, url: url.href, method }
}

async function challengeOf<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
  reply: R,
): Promise<PaymentRequired | null> {
  // Behind a redirect to another origin stands somebody else, whatever it says.
  if (reply.url && new URL(reply.url).origin !== request.url.origin) return null
  const header = reply.headers.get(HEADERS.PAYMENT_REQUIRED)
  let decoded = readPaymentRequired(header)
  // Another protocol uses this header, too: nobody's error.
  if (!decoded.ok && decoded.problem === 'wrong_version') return null
  // Without CORS exposure the header is missing, and a proxy may have cut it: the body says the same.
  if (!decoded.ok && /json/.test(reply.headers.get('content-type') ?? ''))
    decoded = readPaymentRequiredBody(await request.peek(reply))
  if (decoded.ok) return decoded.value
  if (header)
    emit(client.events, 'error', {
      ...about(request),
      code: 'UNREADABLE_CHALLENGE',
      message: `A 402 is handed to the app: ${decoded.detail}`,
    })
  return null
}
