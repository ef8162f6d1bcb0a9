import {
  type ClientId,
  HEADERS,
  type Payment,
  readPaymentRequired,
  readPaymentResponse,
} from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import { type Device, newDevice } from '../proof/device.fixture.js'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import { somePurchaseId } from '../testing/contract/subject.js'

/** A payment, as its sender wants it. */
export type Wish = Omit<Payment, 'stripe402Version'>

const URL = '/.well-known/stripe402/top-up'

let cards: Stripe
/** The seller of the running test. */
export let seller: Seller
/** Of the person whose card is kept. */
export let device: Device
/** What was logged. */
export let lines: string[] = []

/** Opens a seller; each test has one. */
export function open(options: Partial<Stripe402Options> = {}, stripeLocal = createStripeLocal()): void {
  cards = new Stripe(stripeLocal.keys.publishableKey, { httpClient: stripeLocal.httpClient })
  device = newDevice()
  lines = []
  const tell = (line: string): void => void lines.push(line)
  seller = openSeller({ stripeLocal, logger: { warn: tell, error: tell }, ...options })
}

/** A PaymentMethod of a card. */
export async function cardOf(number: string): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2034, cvc: '123' }
  return (await cards.paymentMethods.create({ type: 'card', card })).id
}

/** Sends a payment, signed by a device unless told otherwise. */
export function topUp(wish: Wish, by: Device | null = device): Promise<Answer> {
  return seller.stripe402.topUp(requestWith(signed(wish, by)))
}

/** A payment with the proof of a device. */
export function signed(wish: Wish, by: Device | null = device): Wish {
  return by ? by.sign(wish, { method: 'POST', url: URL }) : wish
}

/** Buys $5 with a card. */
export async function enterCard(changes: Wish = {}, by: Device | null = device): Promise<Answer> {
  const paymentMethodId = await cardOf('4242424242424242')
  return topUp({ paymentMethodId, topUpAmount: 50_000, purchaseId: somePurchaseId(), ...changes }, by)
}

/** Who paid. */
export function clientOf(answer: Answer): ClientId {
  const receipt = readPaymentResponse(answer.headers[HEADERS.PAYMENT_RESPONSE])
  if (!receipt.ok) throw new Error(answer.body)
  return receipt.value.clientId
}

/** What was refused, or the status. */
export function errorOf(answer: Answer): string {
  const challenge = readPaymentRequired(answer.headers[HEADERS.PAYMENT_REQUIRED])
  return challenge.ok ? (challenge.value.error ?? 'unpaid') : String(answer.status)
}

/** A person whose card is kept. */
export async function keptBy(number = '4242424242424242'): Promise<ClientId> {
  return clientOf(await enterCard({ paymentMethodId: await cardOf(number), saveCard: true }))
}

/** Buys $10 with the kept card. */
export function payKept(clientId: ClientId, changes: Wish = {}, by: Device | null = device): Promise<Answer> {
  const purchaseId = somePurchaseId()
  return topUp({ clientId, savedCard: true, topUpAmount: 100_000, purchaseId, ...changes }, by)
}

/** Asks for the balance. */
export function balance(wish: Wish, by: Device | null = device): Promise<Answer> {
  return seller.stripe402.balance(requestWith(signed(wish, by)))
}

/** The kept card, as far as somebody sees it. */
export async function shownTo(by: Device | null, clientId: ClientId): Promise<unknown> {
  return JSON.parse((await balance({ clientId }, by)).body).savedCard
}

/** Has the card forgotten. */
export function forget(wish: Wish, by: Device | null = device): Promise<Answer> {
  return seller.stripe402.forgetCard(requestWith(signed(wish, by)))
}

/** What cards were charged, in cents. */
export function charged(): number[] {
  const succeeded = seller.stripeLocal.state.charges().filter(({ status }) => status === 'succeeded')
  return succeeded.map(({ amount }) => amount)
}

/** How many requests of a kind reached Stripe. */
export function calls(method: string, path: string): number {
  return seller.stripeLocal.log.entries.filter((entry) => entry.method === method && entry.path === path)
    .length
}

/** The PaymentMethods that Customers have at Stripe. */
export async function attached(): Promise<string[]> {
  const { data } = await seller.stripe.customers.list()
  const lists = await Promise.all(data.map(({ id }) => seller.stripe.customers.listPaymentMethods(id)))
  return lists.flatMap((list) => list.data.map(({ id }) => id))
}

/** A card whose bank always checks the person. */
export async function bankCard(): Promise<Wish> {
  return { paymentMethodId: await cardOf('4000002760003184') }
}

/** The person says yes to the bank. */
export async function approved(answer: Answer): Promise<Answer> {
  const challenge = readPaymentRequired(answer.headers[HEADERS.PAYMENT_REQUIRED])
  const next = challenge.ok ? challenge.value.nextAction : undefined
  if (!next) throw new Error(answer.body)
  seller.stripeLocal.authenticate(next.paymentIntentId, 'approve')
  return topUp({ purchaseId: next.purchaseId, paymentIntentId: next.paymentIntentId })
}
