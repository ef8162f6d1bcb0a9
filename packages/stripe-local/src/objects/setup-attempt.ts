import type Stripe from 'stripe'
import { fingerprintOf, type VaultedCard } from '../card-number.js'
import { type AttemptError, attemptErrorObject } from './payment-error.js'
import { cvcCheckOf, type PaymentMethodRecord } from './payment-method.js'

/** One try to set a card up, as the local Stripe keeps it. */
export interface SetupAttemptRecord {
  id: string
  createdS: number
  setupIntent: string
  customer: string | null
  paymentMethod: PaymentMethodRecord
  /** The card as it was when its issuer was asked. */
  card: VaultedCard
  status: 'requires_action' | 'succeeded' | 'failed'
  /** How 3-D Secure ended; null where it was not asked for, or is still going on. */
  authentication: 'authenticated' | 'failed' | null
  error: AttemptError | null
  usage: 'off_session' | 'on_session'
}

/** Builds the object that the API returns. */
export function setupAttemptObject(record: SetupAttemptRecord): Stripe.SetupAttempt {
  return {
    id: record.id,
    object: 'setup_attempt',
    application: null,
    created: record.createdS,
    customer: record.customer,
    customer_account: null,
    flow_directions: null,
    livemode: false,
    on_behalf_of: null,
    payment_method: record.paymentMethod.id,
    payment_method_details: { card: cardDetailsOf(record), type: 'card' },
    setup_error: record.error === null ? null : attemptErrorObject(record.error),
    setup_intent: record.setupIntent,
    status: record.status,
    usage: record.usage,
  }
}

function cardDetailsOf(record: SetupAttemptRecord): Stripe.SetupAttempt.PaymentMethodDetails.Card {
  const { authentication, card, paymentMethod } = record
  const { testCard } = card
  const isAuthenticated = authentication === 'authenticated'
  return {
    brand: testCard.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: cvcCheckOf(card) },
    country: testCard.country,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    fingerprint: fingerprintOf(testCard.number, paymentMethod.account),
    funding: testCard.funding,
    last4: testCard.number.slice(-4),
    network: testCard.brand,
    three_d_secure:
      authentication === null
        ? null
        : {
            authentication_flow: isAuthenticated ? 'challenge' : null,
            electronic_commerce_indicator: isAuthenticated ? '05' : null,
            result: authentication,
            result_reason: isAuthenticated ? null : 'rejected',
            transaction_id: null,
            version: '2.2.0',
          },
    wallet: null,
  }
}
