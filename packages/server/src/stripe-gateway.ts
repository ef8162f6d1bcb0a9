import { type ClientId, isClientId, STRIPE402_VERSION } from '@stripe402/core'
import Stripe from 'stripe'
import type { Settings } from './settings.js'
import type { Purchase } from './store.js'
import type { StripeApi } from './stripe-api.js'

/**
 * What a call about a PaymentIntent came to.
 *
 * - `intent`: Stripe's object as it is now. Its status decides, nothing else does.
 * - `refused`: Stripe took the request and said no before anything happened; asking again changes nothing.
 * - `unreachable`: this server cannot use Stripe (key, permission); nothing happened.
 * - `unknown`: no answer, or one that says nothing about the money (timeout, 5xx, 409, 429).
 */
export type IntentOutcome =
  | { type: 'intent'; intent: Stripe.PaymentIntent }
  | { type: 'refused'; code: string; cause: unknown }
  | { type: 'unreachable'; cause: unknown }
  | { type: 'unknown'; cause: unknown }

/** Whose card a PaymentMethod is; `isAttached`: it belongs to a Customer. `unusable`: no such PaymentMethod, or one that is not a card. The rest as above. */
export type CardOutcome =
  | { type: 'card'; fingerprint: string; isAttached: boolean }
  | { type: 'unusable' }
  | { type: 'unreachable'; cause: unknown }
  | { type: 'unknown'; cause: unknown }

/** What an issuer says of a card that is not charged: nothing against it (`accepted`), that its holder has to answer, or no. */
export type CardCheck = { type: 'accepted' | 'action'; intent: Stripe.SetupIntent } | { type: 'refused' }

/** A part of a payment that goes back to its card. */
export interface RefundOrder {
  paymentIntentId: string
  minor: number
  /** The hold that keeps these units from being spent meanwhile. Names the order: the same one is refunded once. */
  holdId: string
  /** The seller's name for a wish that several refunds may belong to. */
  order: string | null
}

/** What a refund came to, as {@link IntentOutcome} says it of a payment. */
export type RefundOutcome =
  | { type: 'refund'; refund: Stripe.Refund }
  | { type: 'refused'; code: string; cause: unknown }
  | { type: 'unreachable'; cause: unknown }
  | { type: 'unknown'; cause: unknown }

/** The only place that moves money at Stripe. Every POST that could move some carries a key that follows from the purchase. */
export interface StripeGateway {
  card(paymentMethodId: string): Promise<CardOutcome>
  /** Asks the issuer about a card without charging it. `action`: its holder has to answer first (3-D Secure). */
  verifyCard(paymentMethodId: string, metadata: Record<string, string>): Promise<CardCheck>
  /** How such a check stands, with the card that it is about by now and what was found; `null` when Stripe knows none by this id. */
  retrieveCheck(
    setupIntentId: string,
  ): Promise<{ type: 'found'; intent: Stripe.SetupIntent | null } | { type: 'unknown'; cause: unknown }>
  /** Ends a check, so that no other card passes it. False when Stripe did not do it. */
  cancelCheck(setupIntentId: string): Promise<boolean>
  createIntent(purchase: Purchase): Promise<IntentOutcome>
  confirmIntent(purchase: Purchase, paymentIntentId: string): Promise<IntentOutcome>
  cancelIntent(paymentIntentId: string): Promise<IntentOutcome>
  /** With its PaymentMethod, which says whose card it is. */
  retrieveIntent(paymentIntentId: string): Promise<IntentOutcome>
  refund(order: RefundOrder): Promise<RefundOutcome>
  /** Finds the PaymentIntent of the purchase's current attempt when its id was lost; `null` when there is none. */
  findIntent(
    purchase: Purchase,
  ): Promise<{ type: 'found'; intent: Stripe.PaymentIntent | null } | { type: 'unknown'; cause: unknown }>
}

/** What we write on a PaymentIntent: enough to rebuild the credit from Stripe alone. Values are Stripe's strings. */
export interface IntentMetadata {
  stripe402Version: string
  issuer: string
  clientId: string
  purchaseId: string
  attempt: string
  units: string
  currency: string
}

/** Where a refund of ours says which hold it ends. */
const HOLD = 'stripe402Hold'
/** Where it says which wish of the seller it belongs to. */
const ORDER = 'stripe402Order'

const {
  StripeCardError,
  StripeInvalidRequestError,
  StripeAuthenticationError,
  StripePermissionError,
  StripeError,
} = Stripe.errors

/** Talks to Stripe through the seller's client, one try longer than a lost packet and no longer than `stripeTimeoutMs`. */
export function stripeGateway(settings: Settings, stripe: StripeApi = settings.stripe): StripeGateway {
  const options = { timeout: settings.stripeTimeoutMs, maxNetworkRetries: 1 }
  const keyed = (purchase: Purchase, step: string): Stripe.RequestOptions => ({
    ...options,
    idempotencyKey: `stripe402:${purchase.purchaseId}:${purchase.attempt}:${step}`,
  })

  const create = (purchase: Purchase, step: string): Promise<IntentOutcome> =>
    outcomeOf(
      stripe.paymentIntents.create(
        {
          amount: purchase.minor,
          currency: purchase.currency,
          // Endive replaced payment_method_types; cards only, so that no redirect can be asked for.
          allowed_payment_method_types: ['card'],
          metadata: { ...metadataOf(purchase, purchase.issuer || settings.issuers[0]) },
          description: purchase.description || describePayment(settings),
          ...(purchase.wantsBankCheck && {
            payment_method_options: { card: { request_three_d_secure: 'any' as const } },
          }),
          ...(purchase.customerId !== null && {
            customer: purchase.customerId,
            ...(purchase.keepsCard && { setup_future_usage: 'on_session' as const }),
          }),
        },
        keyed(purchase, step),
      ),
    )

  return {
    async card(paymentMethodId) {
      try {
        const method = paymentMethodId.startsWith('ctoken_')
          ? (await stripe.confirmationTokens.retrieve(paymentMethodId, {}, options)).payment_method_preview
          : await stripe.paymentMethods.retrieve(paymentMethodId, {}, options)
        const fingerprint = method?.card?.fingerprint
        if (!fingerprint) return { type: 'unusable' }
        return { type: 'card', fingerprint, isAttached: method.customer !== null }
      } catch (cause) {
        if (cause instanceof StripeInvalidRequestError || cause instanceof StripeCardError)
          return { type: 'unusable' }
        if (cause instanceof StripeAuthenticationError || cause instanceof StripePermissionError)
          return { type: 'unreachable', cause }
        if (cause instanceof StripeError) return { type: 'unknown', cause }
        throw cause
      }
    },

    async verifyCard(paymentMethodId, metadata) {
      if (paymentMethodId.startsWith('ctoken_')) return { type: 'refused' }
      try {
        const intent = await stripe.setupIntents.create(
          {
            confirm: true,
            payment_method: paymentMethodId,
            allowed_payment_method_types: ['card'],
            usage: 'on_session',
            use_stripe_sdk: true,
            metadata: { ...metadata, paymentMethodId },
            expand: ['latest_attempt'],
          },
          options,
        )
        if (intent.status === 'requires_action') return { type: 'action', intent }
        return intent.status === 'succeeded' ? { type: 'accepted', intent } : { type: 'refused' }
      } catch (cause) {
        // Declined, used up, or no answer: in none of these cases is anybody confirmed.
        if (cause instanceof StripeError && !(cause instanceof StripePermissionError))
          return { type: 'refused' }
        throw cause
      }
    },

    async retrieveCheck(setupIntentId) {
      try {
        const intent = await stripe.setupIntents.retrieve(
          setupIntentId,
          { expand: ['payment_method', 'latest_attempt'] },
          options,
        )
        return { type: 'found', intent }
      } catch (cause) {
        if (cause instanceof StripeInvalidRequestError) return { type: 'found', intent: null }
        if (cause instanceof StripeError) return { type: 'unknown', cause }
        throw cause
      }
    },

    async cancelCheck(setupIntentId) {
      try {
        await stripe.setupIntents.cancel(setupIntentId, { cancellation_reason: 'abandoned' }, options)
        return true
      } catch (cause) {
        // It has ended already, one way or the other.
        if (cause instanceof StripeInvalidRequestError) return true
        if (cause instanceof StripeError) return false
        throw cause
      }
    },

    async createIntent(purchase) {
      const { customerId } = purchase
      const created = await create(purchase, customerId ? 'create:customer' : 'create')
      // Somebody deleted the Customer, and nothing was made. The card may pay all the same, without being kept.
      const isGone = customerId !== null && created.type === 'refused' && created.code === 'resource_missing'
      return isGone ? create({ ...purchase, customerId: null }, 'create') : created
    },

    confirmIntent: (purchase, paymentIntentId) =>
      outcomeOf(
        stripe.paymentIntents.confirm(
          paymentIntentId,
          {
            ...(purchase.paymentMethodId.startsWith('ctoken_')
              ? { confirmation_token: purchase.paymentMethodId }
              : { payment_method: purchase.paymentMethodId }),
            use_stripe_sdk: true,
            // Of a token, or of a test card's name, Stripe makes a PaymentMethod that this server has not seen.
            expand: ['payment_method'],
          },
          // Stripe replays a decline under the same key, so another PaymentMethod needs another one.
          keyed(purchase, `confirm:${purchase.paymentMethodId}`),
        ),
      ),

    // Cancelling twice is cancelling once. Under a key of its own, a 500 would be replayed for a day, and the account
    // could not top up meanwhile.
    cancelIntent: (paymentIntentId) =>
      outcomeOf(stripe.paymentIntents.cancel(paymentIntentId, { cancellation_reason: 'abandoned' }, options)),

    retrieveIntent: (paymentIntentId) =>
      outcomeOf(stripe.paymentIntents.retrieve(paymentIntentId, { expand: ['payment_method'] }, options)),

    async refund({ paymentIntentId, minor, holdId, order }) {
      try {
        const refund = await stripe.refunds.create(
          {
            payment_intent: paymentIntentId,
            amount: minor,
            reason: 'requested_by_customer',
            metadata: { [HOLD]: holdId, ...(order !== null && { [ORDER]: order }) },
          },
          // The amount belongs to it: after a run that came to nothing there may be less to give back.
          { ...options, idempotencyKey: `stripe402:${holdId}:${minor}` },
        )
        return { type: 'refund', refund }
      } catch (cause) {
        return failureOf(cause)
      }
    },

    async findIntent(purchase) {
      // This attempt was prepared at `updatedAtMs`, for nothing was written since. Ten minutes of slack on both sides,
      // because the store's clock and Stripe's differ. List, not search: search lags.
      const around = {
        gte: Math.floor(purchase.updatedAtMs / 1000) - 600,
        lte: Math.ceil(purchase.nowMs / 1000) + 600,
      }
      try {
        for await (const intent of stripe.paymentIntents.list({ created: around, limit: 100 }, options)) {
          const { metadata } = intent
          if (metadata.purchaseId === purchase.purchaseId && metadata.attempt === String(purchase.attempt))
            return { type: 'found', intent }
        }
        return { type: 'found', intent: null }
      } catch (cause) {
        if (cause instanceof StripeError) return { type: 'unknown', cause }
        throw cause
      }
    },
  }
}

/** What a PaymentIntent that is prepared now says it is for. */
export function describePayment({ payee }: Pick<Settings, 'payee'>): string {
  return payee ? `Credit at ${payee.name}` : 'Credit (stripe402)'
}

function metadataOf(purchase: Purchase, issuer: string): IntentMetadata {
  return {
    stripe402Version: String(STRIPE402_VERSION),
    issuer,
    clientId: purchase.clientId,
    purchaseId: purchase.purchaseId,
    attempt: String(purchase.attempt),
    units: String(purchase.units),
    currency: purchase.currency,
  }
}

async function outcomeOf(call: Promise<Stripe.PaymentIntent>): Promise<IntentOutcome> {
  try {
    return { type: 'intent', intent: await call }
  } catch (cause) {
    // Errors about an intent carry it; its status is worth more than the kind of error.
    const hasIntent = cause instanceof StripeCardError || cause instanceof StripeInvalidRequestError
    if (hasIntent && cause.payment_intent) return { type: 'intent', intent: cause.payment_intent }
    return failureOf(cause)
  }
}

function failureOf(cause: unknown): Exclude<RefundOutcome, { type: 'refund' }> {
  if (cause instanceof StripeCardError || cause instanceof StripeInvalidRequestError)
    return { type: 'refused', code: cause.code ?? 'invalid_request', cause }
  if (cause instanceof StripeAuthenticationError || cause instanceof StripePermissionError)
    return { type: 'unreachable', cause }
  if (cause instanceof StripeError) return { type: 'unknown', cause }
  throw cause
}

/** The client that an intent was made for, when one of our issuers made it. */
export function payerOf(
  { metadata }: Pick<Stripe.PaymentIntent | Stripe.SetupIntent, 'metadata'>,
  settings: Settings,
): ClientId | null {
  const { stripe402Version, issuer, clientId } = metadata ?? {}
  if (stripe402Version !== String(STRIPE402_VERSION) || issuer === undefined || clientId === undefined)
    return null
  return settings.issuers.includes(issuer) && isClientId(clientId) ? clientId : null
}

/** The hold that a refund of ours ends; null for one that somebody made by hand. */
export function holdOf(refund: Stripe.Refund): string | null {
  return refund.metadata?.[HOLD] ?? null
}

/** The order that a refund belongs to; null for one without. */
export function refundOrderOf(refund: Stripe.Refund): string | null {
  return refund.metadata?.[ORDER] ?? null
}
