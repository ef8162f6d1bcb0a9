import {
  HEADERS,
  type Payment,
  type PaymentRequired,
  type PaymentResponse,
  readPaymentRequired,
  readPaymentRequiredBody,
  readPaymentResponse,
} from '@stripe402/core'
import type { Client } from './client.js'
import { emit } from './events.js'
import { offering } from './judged-offers.js'
import { originMemory } from './origin-memory.js'
import { about, type PayableRequest, type Reply, type Sent } from './payable-request.js'
import { peekBody } from './peek-body.js'
import { judge } from './policy.js'
import { noteServerTime } from './server-clock.js'

/** One request and its answer, with the three headers decoded. */
export interface Exchange<R extends Reply = Reply> {
  readonly reply: R
  readonly payment: Payment | null
  readonly receipt: PaymentResponse | null
  /** Only for a 402 of ours from the origin that was asked. */
  readonly challenge: PaymentRequired | null
}

/** Decodes an answer, notes what it says about account and balance, and reports the exchange. */
export async function readExchange<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
  { reply, payment, currency: asked, units = 0, startedAt, before, release }: Sent<R>,
): Promise<Exchange<R>> {
  // Behind a redirect to another origin stands somebody else, whatever it says.
  const { origin } = request.url
  const memory = originMemory(client.store, origin)
  const isHome = cameFrom(request, reply)?.origin === origin
  const paid = readPaymentResponse(payment && isHome ? reply.headers.get(HEADERS.PAYMENT_RESPONSE) : null)
  const receipt = paid.ok ? paid.value : null
  // Who tells nothing, or hides it from this page, has taken the price as far as the limits are concerned.
  if (!receipt && payment && isHome && isServed(reply)) memory.rememberSpent(asked, units)
  if (!receipt) release?.()
  const challenge = isHome && reply.status === 402 ? await challengeOf(client, request, reply) : null
  if (challenge) noteServerTime(origin, reply.headers.get('date'))
  if (receipt) {
    const currency = receipt.currency ?? asked
    const { charged = isServed(reply) ? units : 0 } = receipt
    notePrice(client, request, { currency, charged })
    const balance = memory.rememberReceipt(currency, { ...receipt, charged }, before)
    release?.()
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

/** Where an answer came from, as far as it tells: null for what is no URL, which only a `fetch` of the app's own says. */
export function cameFrom({ url }: PayableRequest, reply: Reply): URL | null {
  try {
    return new URL(reply.url || url, url)
  } catch {
    return null
  }
}

function isServed({ status }: Reply): boolean {
  return status >= 200 && status < 300
}

/**
 * A first request carries the account for the highest price that the path had. Where a seller takes more, that is spent when it is
 * heard of: the event says so, and the next request to this path is judged by it.
 */
function notePrice(
  client: Client,
  request: PayableRequest,
  { currency, charged }: { currency: string; charged: number },
): void {
  const { store, events } = client
  const { origin, pathname } = request.url
  const known = store.get(origin)?.asked[pathname]
  if (!charged || known?.currency !== currency || charged <= known.amountUnits) return
  const memory = originMemory(store, origin)
  memory.rememberAsked(pathname, currency, charged)
  if (judge(client, { currency, amount: charged }, memory.spent(currency)) === 'spend') return
  const message = `The price is above what the policy allows: ${charged} units, ${known.amountUnits} before.`
  emit(events, 'error', { ...about(request), code: 'PRICE_RAISED', message })
}

async function challengeOf<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
  reply: R,
): Promise<PaymentRequired | null> {
  const header = reply.headers.get(HEADERS.PAYMENT_REQUIRED)
  let decoded = readPaymentRequired(header)
  // Another protocol uses this header, too: nobody's error.
  if (!decoded.ok && decoded.problem === 'wrong_version') return null
  // Without CORS exposure the header is missing, and a proxy may have cut it: the body says the same.
  const isJson = !decoded.ok && /json/.test(reply.headers.get('content-type') ?? '')
  const text = isJson ? await (request.peek?.(reply) ?? peekBody(reply)) : ''
  if (isJson) decoded = readPaymentRequiredBody(text)
  if (decoded.ok) return oncePerCurrency(decoded.value)
  if (header || text.includes('"stripe402Version"'))
    emit(client.events, 'error', {
      ...about(request),
      code: 'UNREADABLE_CHALLENGE',
      message: `A 402 is handed to the app: ${decoded.detail}`,
    })
  return null
}

/** A currency that is offered twice is offered as it was first: what the policy judges is what the payer sees. */
function oncePerCurrency(challenge: PaymentRequired): PaymentRequired {
  const currencies = challenge.accepts.map((offer) => offer.currency)
  return offering(challenge, [...new Set(currencies)])
}
