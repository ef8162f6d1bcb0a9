import { type ClientId, isClientId, type PurchaseId, STRIPE402_VERSION } from '@stripe402/core'
import Stripe from 'stripe'
import type { Settings } from './settings.js'
import type { SavedCard } from './store.js'
import type { StripeApi } from './stripe-api.js'

/** Stripe did not answer, or not to the question. */
interface Unknown {
  type: 'unknown'
  cause: unknown
}

/** What Stripe says about a PaymentMethod; `loose`: it belongs to no Customer, or there is none. */
export type KeptOutcome =
  | { type: 'kept'; card: Omit<SavedCard, 'clientId'>; fingerprint: string | null }
  | { type: 'loose' }
  | Unknown

/** Customers and the cards that belong to them. Nothing here moves money, and doing it twice is doing it once. */
export interface StripeCards {
  /**
   * Makes a Customer for the card of a purchase, or gives the one that was made for it in the last day: no card is with it but
   * that one, so that no other can be named in this purchase.
   */
  customerFor(purchase: {
    clientId: ClientId
    purchaseId: PurchaseId
  }): Promise<{ type: 'customer'; id: string } | Unknown>
  /**
   * The client of one of our Customers; null for another's, for one that was deleted, and where Stripe knows none or the key
   * may not ask.
   */
  clientOf(customerId: string): Promise<ClientId | null>
  read(paymentMethodId: string): Promise<KeptOutcome>
  /** Takes every card from a Customer, so that none can be charged again. */
  detachAll(customerId: string): Promise<{ type: 'detached' } | Unknown>
}

const { StripeError, StripeInvalidRequestError, StripePermissionError } = Stripe.errors

/** Talks to Stripe through the seller's client. */
export function stripeCards(settings: Settings, stripe: StripeApi = settings.stripe): StripeCards {
  const options = { timeout: settings.stripeTimeoutMs, maxNetworkRetries: 1 }
  const [issuer] = settings.issuers

  async function detach(paymentMethodId: string): Promise<void> {
    try {
      await stripe.paymentMethods.detach(paymentMethodId, {}, options)
    } catch (cause) {
      // Somebody else was faster: it is detached already.
      if (!(cause instanceof StripeInvalidRequestError)) throw cause
    }
  }

  return {
    async customerFor({ clientId, purchaseId }) {
      try {
        const { id } = await stripe.customers.create(
          { metadata: { stripe402Version: String(STRIPE402_VERSION), issuer, clientId } },
          { ...options, idempotencyKey: `stripe402:${issuer}:${clientId}:${purchaseId}:customer` },
        )
        return { type: 'customer', id }
      } catch (cause) {
        return unknownBecause(cause)
      }
    },

    async clientOf(customerId) {
      try {
        const customer = await stripe.customers.retrieve(customerId, {}, options)
        return customer.deleted ? null : clientIn(customer.metadata, settings)
      } catch (cause) {
        // Without the right to Customers no card was ever kept; asked again, Stripe says the same.
        if (isMissing(cause) || cause instanceof StripePermissionError) return null
        throw cause
      }
    },

    async read(paymentMethodId) {
      try {
        const { card, customer } = await stripe.paymentMethods.retrieve(paymentMethodId, {}, options)
        if (!card || typeof customer !== 'string') return { type: 'loose' }
        const { brand, last4, exp_month: expMonth, exp_year: expYear } = card
        const kept = { customerId: customer, paymentMethodId, brand, last4, expMonth, expYear }
        return { type: 'kept', card: kept, fingerprint: card.fingerprint ?? null }
      } catch (cause) {
        return isMissing(cause) ? { type: 'loose' } : unknownBecause(cause)
      }
    },

    async detachAll(customerId) {
      try {
        for await (const { id } of stripe.paymentMethods.list({ customer: customerId, limit: 100 }, options))
          await detach(id)
      } catch (cause) {
        // A Customer that was deleted has no cards.
        if (!isMissing(cause)) return unknownBecause(cause)
      }
      return { type: 'detached' }
    },
  }
}

/** The client in the metadata of a Customer of ours. */
export function clientIn(metadata: unknown, { issuers }: Pick<Settings, 'issuers'>): ClientId | null {
  if (typeof metadata !== 'object' || metadata === null) return null
  const { issuer, clientId }: { issuer?: unknown; clientId?: unknown } = metadata
  if (typeof clientId !== 'string' || !isClientId(clientId)) return null
  return issuers.some((known) => known === issuer) ? clientId : null
}

function isMissing(cause: unknown): boolean {
  return cause instanceof StripeInvalidRequestError && cause.code === 'resource_missing'
}

function unknownBecause(cause: unknown): Unknown {
  if (cause instanceof StripeError) return { type: 'unknown', cause }
  throw cause
}
