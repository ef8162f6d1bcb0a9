import type { StripeLocal } from '@stripe402/stripe-local'
import Stripe from 'stripe'

/** Cards that their banks decline, each of an account of its own, and the shop's Stripe that sees them so. */
export interface StolenCards {
  /** What the shop talks to. */
  stripe: Stripe
  /** Makes a PaymentMethod of another card, with the publishable key. */
  next(): Promise<string>
}

/** Opens a thief's stock of cards. */
export function stolenCards({ keys, httpClient }: StripeLocal): StolenCards {
  const cards = new Stripe(keys.publishableKey, { httpClient })
  const card = { number: '4000000000000002', exp_month: 12, exp_year: 2030, cvc: '123' }
  return {
    stripe: new Stripe(keys.secretKey, { httpClient: manyCards(httpClient) }),
    next: async () => (await cards.paymentMethods.create({ type: 'card', card })).id,
  }
}

/** Test cards are few: here every declined PaymentMethod is of another card, as it would be with stolen ones. */
function manyCards(httpClient: Stripe.HttpClient): Stripe.HttpClient {
  return {
    getClientName: () => httpClient.getClientName(),
    async makeRequest(...args) {
      const response = await httpClient.makeRequest(...args)
      const object = await response.toJSON()
      if (object.object === 'payment_method' && object.card.last4 === '0002')
        object.card.fingerprint = `of ${object.id}`
      return Object.assign(Object.create(response), { toJSON: async () => object })
    },
  }
}
