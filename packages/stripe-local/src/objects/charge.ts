import type Stripe from 'stripe'
import { fingerprintOf, type VaultedCard } from '../card-number.js'
import type { Decline } from '../cards.js'
import { cvcCheckOf, type PaymentMethodRecord } from './payment-method.js'

/** A charge as the local Stripe keeps it; amounts in Stripe's minor unit. */
export interface ChargeRecord {
  id: string
  createdS: number
  amountMinor: number
  capturedMinor: number
  refundedMinor: number
  currency: string
  customer: string | null
  description: string | null
  metadata: Record<string, string>
  paymentIntent: string
  paymentMethod: PaymentMethodRecord
  /** The card as it was when it was charged. */
  card: VaultedCard
  receiptEmail: string | null
  statementDescriptorSuffix: string | null
  status: 'succeeded' | 'failed' | 'pending'
  decline: Decline | null
  isCaptured: boolean
  isAuthenticated: boolean
  isDisputed: boolean
}

/** Builds the object that the API returns. */
export function chargeObject(record: ChargeRecord): Stripe.Charge {
  const { decline, status } = record
  return {
    id: record.id,
    object: 'charge',
    amount: record.amountMinor,
    amount_captured: record.capturedMinor,
    amount_refunded: record.refundedMinor,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: record.paymentMethod.billingDetails,
    calculated_statement_descriptor: 'STRIPE LOCAL',
    captured: record.isCaptured,
    created: record.createdS,
    currency: record.currency,
    customer: record.customer,
    description: record.description,
    disputed: record.isDisputed,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: record.metadata,
    on_behalf_of: null,
    outcome: status === 'pending' ? null : outcomeOf(decline),
    paid: status === 'succeeded',
    payment_intent: record.paymentIntent,
    payment_method: record.paymentMethod.id,
    payment_method_details: { card: cardDetailsOf(record), type: 'card' },
    receipt_email: record.receiptEmail,
    receipt_number: null,
    receipt_url: status === 'succeeded' ? `https://pay.stripe.com/receipts/payment/${record.id}` : null,
    refunded: record.refundedMinor > 0 && record.refundedMinor === record.amountMinor,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: record.statementDescriptorSuffix,
    status,
    transfer_data: null,
    transfer_group: null,
  }
}

function outcomeOf(decline: Decline | null): Stripe.Charge.Outcome {
  const common = { advice_code: null, network_advice_code: null, network_decline_code: null }
  if (decline === null) {
    return {
      ...common,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: 17,
      seller_message: 'Payment complete.',
      type: 'authorized',
    }
  }
  if (decline.isBlocked) {
    return {
      ...common,
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      risk_level: 'highest',
      risk_score: 92,
      seller_message: 'Stripe blocked this payment as too risky.',
      type: 'blocked',
    }
  }
  return {
    ...common,
    network_status: 'declined_by_network',
    reason: decline.declineCode ?? decline.code,
    risk_level: 'normal',
    risk_score: 23,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  }
}

function cardDetailsOf(record: ChargeRecord): Stripe.Charge.PaymentMethodDetails.Card {
  const { card, paymentMethod } = record
  const { testCard } = card
  return {
    amount_authorized: record.status === 'failed' ? null : record.amountMinor,
    authorization_code: record.status === 'succeeded' ? '123456' : null,
    brand: testCard.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: cvcCheckOf(card) },
    country: testCard.country,
    electronic_commerce_indicator: record.isAuthenticated ? '05' : null,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    fingerprint: fingerprintOf(testCard.number, paymentMethod.account),
    funding: testCard.funding,
    installments: null,
    last4: testCard.number.slice(-4),
    mandate: null,
    network: testCard.brand,
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure: record.isAuthenticated
      ? {
          authentication_flow: 'challenge',
          electronic_commerce_indicator: '05',
          exemption_indicator: null,
          result: 'authenticated',
          result_reason: null,
          transaction_id: null,
          version: '2.2.0',
        }
      : null,
    transaction_link_id: null,
    wallet: null,
  }
}
