import {
  type ClientId,
  HEADERS,
  isPurchaseId,
  isRequestId,
  type Payment,
  type PurchaseId,
  type RequestId,
  readPaymentRequired,
  readPaymentResponse,
  serializePayment,
} from '@stripe402/core'
import type { PaidRequest } from '../paid-request.js'
import { LeftError, type Reply } from './connection.js'
import type { Purse } from './purse.js'
import type { SimulatedServer } from './simulated-server.js'
import type { Timeline } from './timeline.js'

/** How a visit ended. `unanswered`: the client asked for days and never learned what became of its payment. */
export type Outcome = 'served' | 'refused' | 'failed' | 'left' | 'unanswered'

/** What a tab wants and what it has to pay with. */
export interface Visit {
  url: string
  /** `POST` to the top-up endpoint buys credit. */
  method?: 'GET' | 'POST'
  purse: Purse
  /** A double click: two tabs share these. */
  purchaseId?: PurchaseId
  /** The same operation as another visit with it. */
  requestId?: RequestId
  /** A definite no leads to another card under the same purchase. */
  keepsPurchase?: boolean
  /** A client of the first generation: it knows neither purchase nor request ids, and never repeats a payment. */
  isOriginal?: boolean
}

/** A client with a memory of its account. */
export interface Tab {
  clientId: ClientId | undefined
  visit(visit: Visit): Promise<Outcome>
}

/** What tabs live in. */
export interface TabParts {
  timeline: Timeline
  newId(): string
  nextServer(): SimulatedServer
}

const TOP_UP_UNITS = 50_000
const SECOND_MS = 1000
const LONGEST_PAUSE_MS = 16 * 3_600_000
/** With growing pauses, many days. */
const MOST_TRIES = 40

/** Opens a tab. */
export function openTab(parts: TabParts): Tab {
  const tab: Tab = { clientId: undefined, visit: (visit) => visitWith(tab, parts, visit) }
  return tab
}

async function visitWith(tab: Tab, parts: TabParts, visit: Visit): Promise<Outcome> {
  const { timeline, newId, nextServer } = parts
  const { url, method = 'GET', purse, isOriginal = false } = visit
  const requestId = isOriginal ? undefined : (visit.requestId ?? requestIdOf(newId()))
  let payment: Partial<Payment> | null = tab.clientId === undefined ? null : { clientId: tab.clientId }
  let purchaseId = visit.purchaseId
  let failures = 0

  /** Takes out a card; false when there is none left. */
  function takeCard(): boolean {
    const paymentMethodId = purse.nextCard()
    if (paymentMethodId === undefined) return false
    if (!isOriginal) purchaseId ??= purchaseIdOf(newId())
    payment = {
      paymentMethodId,
      topUpAmount: TOP_UP_UNITS,
      ...(tab.clientId !== undefined && { clientId: tab.clientId }),
      ...(purchaseId !== undefined && { purchaseId }),
    }
    return true
  }

  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const sent = payment && { ...payment, ...(requestId !== undefined && { requestId }) }
    const reply = await send(nextServer(), { method, url, payment: sent })
    if (reply === 'left') return 'left'
    const answer = reply === 'lost' ? reply : read(tab, reply)
    switch (answer) {
      case 'served':
        return 'served'
      case 'failed':
        return 'failed'
      case 'due':
        if (!takeCard()) return 'refused'
        continue
      case 'check': {
        const nextAction = reply === 'lost' ? undefined : challengeIn(reply)?.nextAction
        if (!nextAction || !(await purse.authenticate(nextAction.paymentIntentId))) return 'left'
        payment = { purchaseId: nextAction.purchaseId, paymentIntentId: nextAction.paymentIntentId }
        continue
      }
      case 'refused':
        if (!visit.keepsPurchase) purchaseId = undefined
        if (!takeCard()) return 'refused'
        continue
      case 'lost':
      case 'later':
        // The original's page has no way to ask again about a payment; the person asks for the page once more.
        if (isOriginal && payment?.paymentMethodId !== undefined)
          payment = tab.clientId === undefined ? null : { clientId: tab.clientId }
        await timeline.sleep(Math.min(2 * SECOND_MS * 4 ** failures, LONGEST_PAUSE_MS))
        failures += 1
        continue
    }
  }
  return 'unanswered'
}

/** What a client makes of an answer. */
export type Answer = 'served' | 'failed' | 'due' | 'check' | 'refused' | 'later'

/** What an answer means to a client. */
export function read(tab: Pick<Tab, 'clientId'>, reply: Reply): Answer {
  const receipt = readPaymentResponse(reply.headers[HEADERS.PAYMENT_RESPONSE])
  if (receipt.ok) tab.clientId = receipt.value.clientId
  if (reply.status < 400) return 'served'
  if (reply.status === 409 || reply.status === 503 || reply.status === 429) return 'later'
  const challenge = challengeIn(reply)
  if (!challenge) return 'failed'
  if (challenge.error === 'authentication_required') return 'check'
  return challenge.error === undefined || challenge.error === 'insufficient_credits' ? 'due' : 'refused'
}

function challengeIn(reply: Reply): ReturnType<typeof challengeOf> {
  return challengeOf(reply.headers[HEADERS.PAYMENT_REQUIRED])
}

function challengeOf(header: string | undefined) {
  const read = readPaymentRequired(header)
  return read.ok ? read.value : undefined
}

/** Sends a request; `lost`: no answer came, `left`: the client is gone. */
export async function send(
  server: SimulatedServer,
  { method, url, payment }: { method: string; url: string; payment: Partial<Payment> | null },
): Promise<Reply | 'lost' | 'left'> {
  const header = payment && serializePayment(payment)
  const request: PaidRequest = {
    method,
    url,
    header: (name) => (name === HEADERS.PAYMENT ? (header ?? undefined) : undefined),
  }
  try {
    return await server.request(request)
  } catch (error) {
    return error instanceof LeftError ? 'left' : 'lost'
  }
}

/** @throws TypeError for what is no purchase id. */
export function purchaseIdOf(id: string): PurchaseId {
  if (!isPurchaseId(id)) throw new TypeError(id)
  return id
}

/** @throws TypeError for what is no request id. */
export function requestIdOf(id: string): RequestId {
  if (!isRequestId(id)) throw new TypeError(id)
  return id
}
