import { setTimeout as sleep } from 'node:timers/promises'
import { HEADERS, type Payment, serializePayment } from '@stripe402/core'
import type { Authorization } from '../authorize.js'
import type { Stripe402 } from '../create-stripe402.js'
import type { Grant } from '../grant.js'
import { PRICE_UNITS, type Surroundings, TOP_UP_UNITS, type Visit } from './job.fixture.js'

type Sent = Omit<Payment, 'stripe402Version'>
const PAUSE_MS = 10
/** A client asks again as long as it is told to. */
const MOST_TRIES = 1000
/** A request id that lost both its runs may run again once their hold has ended; one that was captured may not. */
const MOST_TRIES_OF_USED_ID = 1200

/** Carries a visit to its definite answer, as a client does: the same ids until the answer is neither 409 nor 503. */
export async function runErrand(
  engine: Stripe402,
  surroundings: Surroundings,
  visit: Visit,
  { unwatched }: { unwatched<T>(run: () => Promise<T>): Promise<T> },
): Promise<string> {
  const { purchaseId, requestId, earlierPurchaseId } = visit
  const card: Sent = { paymentMethodId: 'pm_card_visa', topUpAmount: TOP_UP_UNITS, purchaseId, requestId }
  switch (visit.journey) {
    case 'purchase':
      return serve(engine, card)
    case 'other card': {
      const declined = { ...card, paymentMethodId: 'pm_card_chargeDeclined' }
      const first = await serve(engine, declined)
      return first === 'card_declined' ? serve(engine, card) : first
    }
    case 'bank check': {
      const first = await insist(engine, { ...card, paymentMethodId: visit.askingCard })
      if (first.type === 'granted') return finish(first.grant)
      if (first.error !== 'authentication_required') return first.error
      await approve(surroundings, first.paymentIntentId)
      return serve(engine, { purchaseId, requestId, paymentIntentId: first.paymentIntentId })
    }
    case 'top-up': {
      const { requestId: _none, ...topUp } = card
      return buy(engine, topUp)
    }
    case 'spend':
    case 'failed handler': {
      const earlier = {
        paymentMethodId: 'pm_card_visa',
        topUpAmount: TOP_UP_UNITS,
        purchaseId: earlierPurchaseId,
      }
      const clientId = await unwatched(() => clientOf(engine, earlier))
      if (visit.journey === 'spend') return serve(engine, { clientId, requestId })
      const held = await insist(engine, { clientId, requestId })
      if (held.type !== 'granted') return held.error
      await held.grant.release()
      return 'released'
    }
  }
}

async function serve(engine: Stripe402, payment: Sent): Promise<string> {
  const answer = await insist(engine, payment)
  return answer.type === 'granted' ? finish(answer.grant) : answer.error
}

async function finish(grant: Grant): Promise<string> {
  await grant.capture()
  return 'served'
}

type Definite =
  | { type: 'granted'; grant: Grant }
  | { type: 'refused'; error: string; paymentIntentId: string }

async function insist(engine: Stripe402, payment: Sent): Promise<Definite> {
  const tag = engine.priceTag({ price: PRICE_UNITS })
  for (let tries = 1; ; tries += 1) {
    const answer = await engine.authorize(requestOf('GET', '/api/weather', payment), tag)
    if (answer.type === 'granted') return answer
    const refused = readRefusal(answer)
    const isUsed = refused.error === 'invalid_payment'
    if (![409, 503].includes(refused.status) && !isUsed) return refused
    if (tries >= (isUsed ? MOST_TRIES_OF_USED_ID : MOST_TRIES)) return refused
    await sleep(PAUSE_MS)
  }
}

async function buy(engine: Stripe402, payment: Sent): Promise<string> {
  return (await topUp(engine, payment)) === null ? 'refused' : 'paid'
}

async function clientOf(engine: Stripe402, payment: Sent): Promise<Payment['clientId']> {
  return (await topUp(engine, payment))?.clientId
}

async function topUp(engine: Stripe402, payment: Sent): Promise<Pick<Payment, 'clientId'> | null> {
  for (let tries = 1; ; tries += 1) {
    const { status, body } = await engine.topUp(requestOf('POST', '/.well-known/stripe402/top-up', payment))
    if (status === 200) return JSON.parse(body)
    if ((status !== 409 && status !== 503) || tries >= MOST_TRIES) return null
    await sleep(PAUSE_MS)
  }
}

function requestOf(method: string, url: string, payment: Sent): Parameters<Stripe402['authorize']>[0] {
  const header = serializePayment(payment)
  return { method, url, header: (name) => (name === HEADERS.PAYMENT ? header : undefined) }
}

function readRefusal(answer: Authorization): Extract<Definite, { type: 'refused' }> & { status: number } {
  if (answer.type !== 'refused') throw new Error(`The weather is not ${answer.type}.`)
  const { status, body } = answer.answer
  const { errorCode, nextAction } = JSON.parse(body)
  return {
    type: 'refused',
    status,
    error: String(errorCode ?? status),
    paymentIntentId: String(nextAction?.paymentIntentId ?? ''),
  }
}

/** The person says yes in their bank's app; whether this visit or an earlier try of it asked does not matter. */
async function approve({ stripe }: Surroundings, id: string): Promise<void> {
  const body = JSON.stringify({ id, outcome: 'approve' })
  await fetch(`${stripe.url}/_local/authenticate`, { method: 'POST', body })
}
