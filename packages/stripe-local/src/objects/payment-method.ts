import type Stripe from 'stripe'
import { fingerprintOf, type VaultedCard } from '../card-number.js'

/** Who reads: a secret key sees everything, a publishable key what Stripe shows a browser. */
export type Viewer = 'secret' | 'publishable'

/** A PaymentMethod as the local Stripe keeps it. */
export interface PaymentMethodRecord {
  id: string
  createdS: number
  account: string
  card: VaultedCard
  customer: string | null
  billingDetails: Stripe.PaymentMethod.BillingDetails
  metadata: Record<string, string>
  allowRedisplay: 'always' | 'limited' | 'unspecified'
  /** Tried without a customer, or detached from one: it can never be used again. */
  isUsedUp: boolean
  /** Authenticated once for payments while the payer is away. */
  isSetUp: boolean
}

/** Builds the object that a reader of this kind sees. */
export function paymentMethodObject(
  record: PaymentMethodRecord,
  viewer: Viewer,
): Stripe.PaymentMethod | Omit<Stripe.PaymentMethod, 'metadata'> {
  const visible = {
    id: record.id,
    object: 'payment_method',
    allow_redisplay: record.allowRedisplay,
    billing_details: record.billingDetails,
    card: cardObject(record.card, record.account, viewer),
    created: record.createdS,
    customer: record.customer,
    customer_account: null,
    livemode: false,
    type: 'card',
  } satisfies Omit<Stripe.PaymentMethod, 'metadata'>
  return viewer === 'publishable' ? visible : fullPaymentMethod(record)
}

/** Builds the object as a secret key sees it. */
export function fullPaymentMethod(record: PaymentMethodRecord): Stripe.PaymentMethod {
  return {
    id: record.id,
    object: 'payment_method',
    allow_redisplay: record.allowRedisplay,
    billing_details: record.billingDetails,
    card: cardObject(record.card, record.account, 'secret'),
    created: record.createdS,
    customer: record.customer,
    customer_account: null,
    livemode: false,
    metadata: record.metadata,
    type: 'card',
  }
}

/** Builds the `card` member; the fingerprint is for secret keys only. */
export function cardObject(card: VaultedCard, account: string, viewer: Viewer): Stripe.PaymentMethod.Card {
  const { testCard, expMonth, expYear } = card
  return {
    brand: testCard.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: cvcCheckOf(card) },
    country: testCard.country,
    display_brand: testCard.brand === 'amex' ? 'american_express' : testCard.brand,
    exp_month: expMonth,
    exp_year: expYear,
    ...(viewer === 'secret' ? { fingerprint: fingerprintOf(testCard.number, account) } : {}),
    funding: testCard.funding,
    generated_from: null,
    last4: testCard.number.slice(-4),
    networks: { available: [testCard.brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: testCard.is3dsUnsupported !== true },
    wallet: null,
  }
}

/** Tells what the CVC check came to, as far as it was made. */
export function cvcCheckOf(card: VaultedCard): 'pass' | 'fail' | 'unchecked' | null {
  if (card.cvc === 'none') return null
  if (card.cvc === 'unchecked') return 'unchecked'
  return card.testCard.isCvcWrong ? 'fail' : 'pass'
}

/** Billing details of which nothing is known. */
export function noBillingDetails(): Stripe.PaymentMethod.BillingDetails {
  return {
    address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
    email: null,
    name: null,
    phone: null,
    tax_id: null,
  }
}
