import Stripe from 'stripe'
import type { Settings } from './settings.js'
import type { StripeApi } from './stripe-api.js'

/** A refund or dispute with the payment that it is about; null where Stripe names none. */
export interface MoneyBack<T> {
  object: T
  intent: Stripe.PaymentIntent | null
}

/**
 * Reads what happened to money at Stripe. An object that Stripe does not know (of another mode, or of another account)
 * is null; every other failure is thrown, and says nothing about money.
 */
export interface StripeRecords {
  /** A PaymentIntent with its latest charge. */
  payment(id: string): Promise<Stripe.PaymentIntent | null>
  refund(id: string): Promise<MoneyBack<Stripe.Refund> | null>
  dispute(id: string): Promise<MoneyBack<Stripe.Dispute> | null>
  refundsOf(charge: string): AsyncIterable<MoneyBack<Stripe.Refund>>
  /** Newest first. `since`: only what was created at or after that moment, epoch milliseconds; null: all. */
  intents(since: number | null): AsyncIterable<Stripe.PaymentIntent>
  refunds(since: number | null): AsyncIterable<MoneyBack<Stripe.Refund>>
  disputes(since: number | null): AsyncIterable<MoneyBack<Stripe.Dispute>>
}

/** Most that Stripe gives at once. */
const PAGE = 100

/** Reads with the seller's client. Reading twice is reading once, so it may try as often as the client likes. */
export function stripeRecords(settings: Settings, stripe: StripeApi): StripeRecords {
  const options = { timeout: settings.stripeTimeoutMs }
  const created = (since: number | null): { created?: Stripe.RangeQueryParam } =>
    since === null ? {} : { created: { gte: Math.floor(since / 1000) } }

  async function withIntent<T extends Stripe.Refund | Stripe.Dispute>(object: T): Promise<MoneyBack<T>> {
    const intent = object.payment_intent
    if (typeof intent !== 'string') return { object, intent }
    return { object, intent: await orNull(stripe.paymentIntents.retrieve(intent, {}, options)) }
  }
  async function found<T extends Stripe.Refund | Stripe.Dispute>(
    call: Promise<T>,
  ): Promise<MoneyBack<T> | null> {
    const object = await orNull(call)
    return object && withIntent(object)
  }
  async function* each<T extends Stripe.Refund | Stripe.Dispute>(
    list: AsyncIterable<T>,
  ): AsyncIterable<MoneyBack<T>> {
    for await (const object of list) yield withIntent(object)
  }
  /** A charge that Stripe does not know has no refunds. */
  async function* refundsOf(charge: string): AsyncIterable<MoneyBack<Stripe.Refund>> {
    try {
      yield* each(stripe.refunds.list({ limit: PAGE, expand: ['data.payment_intent'], charge }, options))
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  return {
    payment: (id) => orNull(stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }, options)),
    refund: (id) => found(stripe.refunds.retrieve(id, { expand: ['payment_intent'] }, options)),
    dispute: (id) => found(stripe.disputes.retrieve(id, { expand: ['payment_intent'] }, options)),
    intents: (since) => stripe.paymentIntents.list({ limit: PAGE, ...created(since) }, options),
    refundsOf,
    refunds: (since) =>
      each(stripe.refunds.list({ limit: PAGE, expand: ['data.payment_intent'], ...created(since) }, options)),
    disputes: (since) =>
      each(
        stripe.disputes.list({ limit: PAGE, expand: ['data.payment_intent'], ...created(since) }, options),
      ),
  }
}

async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing'
}
