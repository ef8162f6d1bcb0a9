import {
  type ClientId,
  HEADERS,
  type NextAction,
  type Payment,
  readPaymentResponse,
  serializePayment,
} from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import type { Authorization } from '../authorize.js'
import type { PaidRequest } from '../paid-request.js'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller, WEBHOOK_SECRET } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { type Device, newDevice } from './device.fixture.js'

/** A payment, as its sender wants it. */
export type Wish = Omit<Payment, 'stripe402Version'>

/** In milliseconds. */
export const MINUTE = 60_000
/** What is sold. */
export const URL = '/api/joke'
/** The request for it. */
export const HERE: { method: string; url: string } = { method: 'GET', url: URL }
/** The request for credit. */
export const TOP_UP: { method: string; url: string } = {
  method: 'POST',
  url: '/.well-known/stripe402/top-up',
}

let nowMs: number
let cards: Stripe
/** The seller of the running test. */
export let seller: Seller
/** Every header that a victim ever sent, as a log would have kept it. */
export let logged: Wish[] = []

/** Opens a seller with a clock of its own; each test has one. */
export function open(options: Partial<Stripe402Options> = {}): void {
  nowMs = Date.UTC(2026, 0, 1)
  logged = []
  const stripeLocal = createStripeLocal({ clock: now })
  cards = new Stripe(stripeLocal.keys.publishableKey, { httpClient: stripeLocal.httpClient })
  seller = openSeller({
    stripeLocal,
    store: new MemoryStore({ clock: now }),
    runtime: { now, sleep: async () => {} },
    ...options,
  })
}

/** A PaymentMethod of somebody's card, as everybody who has its number and date can make one; with a security code or without. */
export async function cardOf(number: string, code: { cvc?: string } = { cvc: '000' }): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2030, ...code }
  return (await cards.paymentMethods.create({ type: 'card', card })).id
}

/** Asks for the paid resource, and has it served when it is granted. */
export async function ask(
  wish: Wish,
  { method = 'GET', url = URL, body }: { method?: string; url?: string; body?: string } = {},
  engine = seller.stripe402,
): Promise<Authorization> {
  const header = serializePayment(wish)
  const request: PaidRequest = {
    method,
    url,
    header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
    ...(body !== undefined && { body }),
  }
  const authorization = await engine.authorize(request, engine.priceTag({ price: 100 }))
  if (authorization.type === 'granted') await authorization.grant.capture()
  return authorization
}

/** Asks and keeps the header in the log. */
export function askLogged(wish: Wish, ...rest: [] | [object]): Promise<Authorization> {
  logged.push(wish)
  return ask(wish, ...rest)
}

/** What was refused, or that it was granted. */
export function errorOf(authorization: Authorization): string {
  if (authorization.type !== 'refused') return authorization.type
  const { error, errorCode }: { error?: string; errorCode?: string } = JSON.parse(authorization.answer.body)
  return errorCode ?? error ?? 'unpaid'
}

/** What the holder of the card is to do at their bank. */
export function nextActionOf(authorization: Authorization): NextAction {
  const { nextAction }: { nextAction?: NextAction } =
    authorization.type === 'refused' ? JSON.parse(authorization.answer.body) : {}
  if (!nextAction) throw new Error(errorOf(authorization))
  return nextAction
}

/** Asks the endpoint for credit. */
export function topUp(wish: Wish): Promise<Answer> {
  return seller.stripe402.topUp(requestWith(wish))
}

/** Has Stripe's webhook tell the seller everything that has happened. */
export async function deliverAll(): Promise<void> {
  for (const event of seller.stripeLocal.state.events()) await deliver(event)
}

/** Has Stripe's webhook tell the seller one thing. */
export async function deliver(event: { type: string; data: object }): Promise<void> {
  const payload = JSON.stringify(event)
  const timestamp = Math.floor(nowMs / 1000)
  const secret = WEBHOOK_SECRET
  const signature = seller.stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  const { status, body } = await seller.stripe402.webhook(payload, signature)
  if (status !== 200) throw new Error(`${event.type}: ${body}`)
}

/** Fails the bank's check, and then answers it with another card. */
export async function swapCard(next: NextAction, paymentMethodId: string): Promise<void> {
  seller.stripeLocal.authenticate(next.paymentIntentId, 'fail')
  await confirmAtStripe(next, paymentMethodId)
}

/** Answers a bank's check with a card: straight at Stripe, where the client secret is enough. Rejects unless it passes. */
export async function confirmAtStripe(
  { paymentIntentId: id, clientSecret }: NextAction,
  payment_method: string,
): Promise<void> {
  const kind = id.startsWith('seti_') ? 'setup_intents' : 'payment_intents'
  const wish = { payment_method, client_secret: clientSecret }
  const answer = await cards.rawRequest('POST', `/v1/${kind}/${id}/confirm`, wish)
  if (!('status' in answer) || answer.status !== 'succeeded') throw new Error(JSON.stringify(answer))
}

/** Who paid, and the token of the receipt. */
export function receiptOf(authorization: Authorization): { clientId: ClientId; session: string | undefined } {
  if (authorization.type !== 'granted') throw new Error(errorOf(authorization))
  const receipt = readPaymentResponse(authorization.grant.receipt())
  if (!receipt.ok) throw new Error(receipt.detail)
  return { clientId: receipt.value.clientId, session: receipt.value.session }
}

/** What a client has spent and set aside, in units. */
export async function spentBy(clientId: ClientId): Promise<number> {
  await seller.stripe402.close()
  const { spent, held } = await seller.store.account({ clientId, currency: 'usd' })
  return spent + held
}

/** A victim who pays with a device: the first purchase binds its key. */
export async function payWith(
  device: Device,
  card?: string,
): Promise<{ clientId: ClientId; session: string }> {
  const wish: Wish = {
    // Not `pm_card_visa`, which Stripe makes anew each time: a PaymentMethod that was charged is used up.
    paymentMethodId: card ?? (await cardOf('4242424242424242')),
    topUpAmount: 50_000,
    purchaseId: somePurchaseId(),
  }
  const paid = await askLogged(device.sign(wish, HERE))
  const { clientId, session } = receiptOf(paid)
  if (session === undefined) throw new Error('no session')
  return { clientId, session }
}

/** Lets some time go by. */
export function pass(ms: number): void {
  nowMs += ms
}

/** A device that goes by the seller's clock. */
export function someDevice(): Device {
  return newDevice(now)
}

/** The seller's time. */
export function now(): number {
  return nowMs
}
