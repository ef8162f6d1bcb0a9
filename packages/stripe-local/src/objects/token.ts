import type Stripe from 'stripe'
import { fingerprintOf, type VaultedCard } from '../card-number.js'
import { cardObject, cvcCheckOf, type Viewer } from './payment-method.js'

/** A card token as the local Stripe keeps it. */
export interface TokenRecord {
  id: string
  cardId: string
  createdS: number
  account: string
  card: VaultedCard
  name: string | null
  isUsed: boolean
}

/** Builds the object for a reader of this kind. */
export function tokenObject(record: TokenRecord, viewer: Viewer): Stripe.Token {
  const { testCard, expMonth, expYear } = record.card
  return {
    id: record.id,
    object: 'token',
    card: {
      id: record.cardId,
      object: 'card',
      address_city: null,
      address_country: null,
      address_line1: null,
      address_line1_check: null,
      address_line2: null,
      address_state: null,
      address_zip: null,
      address_zip_check: null,
      brand: testCard.brand,
      country: testCard.country,
      cvc_check: cvcCheckOf(record.card),
      dynamic_last4: null,
      exp_month: expMonth,
      exp_year: expYear,
      ...(viewer === 'secret' ? { fingerprint: fingerprintOf(testCard.number, record.account) } : {}),
      funding: testCard.funding,
      last4: testCard.number.slice(-4),
      metadata: {},
      name: record.name,
      regulated_status: 'unregulated',
      tokenization_method: null,
    },
    client_ip: null,
    created: record.createdS,
    livemode: false,
    type: 'card',
    used: record.isUsed,
  }
}

/** A confirmation token as the local Stripe keeps it. */
export interface ConfirmationTokenRecord {
  id: string
  createdS: number
  expiresAtS: number
  account: string
  card: VaultedCard
  customer: string | null
  billingDetails: Stripe.PaymentMethod.BillingDetails
  returnUrl: string | null
  setupFutureUsage: 'off_session' | 'on_session' | null
  paymentIntent: string | null
  setupIntent: string | null
}

/** Builds the object for a reader of this kind. */
export function confirmationTokenObject(
  record: ConfirmationTokenRecord,
  viewer: Viewer,
): Stripe.ConfirmationToken {
  return {
    id: record.id,
    object: 'confirmation_token',
    created: record.createdS,
    expires_at: record.expiresAtS,
    livemode: false,
    mandate_data: null,
    metadata: null,
    payment_intent: record.paymentIntent,
    payment_method_options: { card: { cvc_token: null } },
    payment_method_preview: {
      billing_details: record.billingDetails,
      card: cardObject(record.card, record.account, viewer),
      customer: record.customer,
      customer_account: null,
      type: 'card',
    },
    return_url: record.returnUrl,
    setup_future_usage: record.setupFutureUsage,
    setup_intent: record.setupIntent,
    shipping: null,
    use_stripe_sdk: true,
  }
}
