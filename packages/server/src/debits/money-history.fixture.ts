import type { StripeLocal } from '@stripe402/stripe-local'
import type Stripe from 'stripe'
import { createContext } from '../create-context.js'
import { answerWebhook } from '../endpoints/webhook.js'
import { type Seller, WEBHOOK_SECRET } from '../seller.fixture.js'
import type { Account, AccountKey, Store } from '../store.js'
import type { StripeApi } from '../stripe-api.js'

/** An event as Stripe sends it. */
export interface SignedEvent {
  event: Stripe.Event
  payload: string
  signature: string
}

/** The sums of an account that follow from what is true at Stripe, worked out without any code of the engine. */
export type Sums = Pick<Account, 'credited' | 'debited' | 'available' | 'frozen'>

/** Every event about money that Stripe has sent so far, oldest first. */
export function moneyEvents({ stripe, stripeLocal }: Seller): SignedEvent[] {
  return stripeLocal.state
    .events()
    .filter(({ type }) =>
      /^(payment_intent\.(succeeded|canceled)|refund\.|charge\.(refunded$|dispute))/.test(type),
    )
    .map((sent) => {
      const payload = JSON.stringify(sent)
      const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET })
      const event = stripe.webhooks.constructEvent(payload, signature, WEBHOOK_SECRET)
      return { event, payload, signature }
    })
}

/** A webhook endpoint over a store; gives the status of its answer. */
export function webhookOver(
  { stripe402, stripe }: Seller,
  store: Store,
  reads: StripeApi = stripe,
): (delivery: SignedEvent) => Promise<number> {
  const { context } = createContext({ ...stripe402.settings, store }, reads)
  return async ({ payload, signature }) => (await answerWebhook(context, payload, signature)).status
}

/** Reads of a Stripe in which nothing happens any more, without calls. */
export interface FrozenStripe extends StripeApi {
  /** From now on the object that this event is about reads as it was then; without one, as it is now. */
  show(event: Stripe.Event | undefined): void
}

/** Stops a seller's Stripe. */
export function freeze({ stripe, stripeLocal }: Seller): FrozenStripe {
  const { state } = stripeLocal
  const [intents, refunds, disputes] = [state.paymentIntents(), state.refunds(), state.disputes()]
  let shown: Stripe.Event | undefined
  const isShown = (id: string): boolean =>
    shown !== undefined && 'id' in shown.data.object && shown.data.object.id === id
  return {
    show(event) {
      shown = event
    },
    customers: stripe.customers,
    paymentMethods: stripe.paymentMethods,
    setupIntents: stripe.setupIntents,
    confirmationTokens: stripe.confirmationTokens,
    paymentIntents: {
      create: (params, options) => stripe.paymentIntents.create(params, options),
      confirm: (id, params, options) => stripe.paymentIntents.confirm(id, params, options),
      cancel: (id, params, options) => stripe.paymentIntents.cancel(id, params, options),
      search: (params, options) => stripe.paymentIntents.search(params, options),
      list: (params, options) => stripe.paymentIntents.list(params, options),
      retrieve: async (id) => known(intents, id),
    },
    refunds: {
      create: (params, options) => stripe.refunds.create(params, options),
      retrieve: async (id) =>
        shown && isAboutRefund(shown) && isShown(id) ? shown.data.object : known(refunds, id),
      async *list({ charge }) {
        yield* refunds.filter((refund) => refund.charge === charge).reverse()
      },
    },
    disputes: {
      retrieve: async (id) =>
        shown && isAboutDispute(shown) && isShown(id) ? shown.data.object : known(disputes, id),
      async *list() {
        yield* [...disputes].reverse()
      },
    },
  }
}

/** What an account must come to, in units of a currency with cents. */
export function sumsAtStripe({ state }: StripeLocal): Sums {
  const minor = state.paymentIntents().reduce((sum, { amount_received }) => sum + amount_received, 0)
  const refunded = state
    .refunds()
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { amount }) => sum + amount, 0)
  const disputed = state
    .disputes()
    .flatMap(({ balance_transactions }) => balance_transactions)
    .reduce((sum, { amount }) => sum - amount, 0)
  const available = minor - refunded - disputed
  const isDisputed = state
    .disputes()
    .some(({ status }) => status === 'needs_response' || status === 'under_review')
  return {
    credited: minor * 100,
    debited: (refunded + disputed) * 100,
    available: available * 100,
    frozen: isDisputed || available < 0,
  }
}

/** The same sums as a store has them. */
export async function sumsIn(store: Store, key: AccountKey): Promise<Sums> {
  const { credited, debited, available, frozen } = await store.account(key)
  return { credited, debited, available, frozen }
}

function isAboutRefund(event: Stripe.Event): event is Stripe.RefundCreatedEvent {
  return event.data.object.object === 'refund'
}

function isAboutDispute(event: Stripe.Event): event is Stripe.ChargeDisputeCreatedEvent {
  return event.data.object.object === 'dispute'
}

function known<T extends { id: string }>(objects: readonly T[], id: string): T {
  const found = objects.find((object) => object.id === id)
  if (!found) throw new Error(`There is no ${id}.`)
  return found
}
