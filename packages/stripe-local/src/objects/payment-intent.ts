import type Stripe from 'stripe'
import { type AttemptError, attemptErrorFor, attemptErrorObject } from './payment-error.js'
import type { Viewer } from './payment-method.js'

/** The statuses that the local Stripe can reach. */
export type PaymentIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled'

/** How 3-D Secure is to be carried out. */
export type NextAction =
  | { type: 'use_stripe_sdk'; threeDS: string }
  | { type: 'redirect_to_url'; url: string; returnUrl: string }

/** A PaymentIntent as the local Stripe keeps it; amounts in Stripe's minor unit. */
export interface PaymentIntentRecord {
  id: string
  clientSecret: string
  createdS: number
  amountMinor: number
  capturableMinor: number
  receivedMinor: number
  currency: string
  status: PaymentIntentStatus
  allowedTypes: string[] | null
  automatic: { enabled: boolean; allowRedirects: 'always' | 'never' } | null
  canceledAtS: number | null
  cancellationReason: string | null
  captureMethod: 'automatic' | 'automatic_async' | 'manual'
  confirmationMethod: 'automatic' | 'manual'
  customer: string | null
  description: string | null
  lastError: AttemptError | null
  latestCharge: string | null
  metadata: Record<string, string>
  nextAction: NextAction | null
  paymentMethod: string | null
  receiptEmail: string | null
  requestThreeDSecure: 'any' | 'automatic' | 'challenge'
  setupFutureUsage: 'off_session' | 'on_session' | null
  statementDescriptorSuffix: string | null
  /** The payer has passed 3-D Secure for the payment method it holds now. */
  isAuthenticated: boolean
}

/** Builds the object as a secret key sees it. */
export function paymentIntentObject(record: PaymentIntentRecord): Stripe.PaymentIntent {
  return {
    id: record.id,
    object: 'payment_intent',
    allowed_payment_method_types: record.allowedTypes,
    amount: record.amountMinor,
    amount_capturable: record.capturableMinor,
    amount_details: { tip: {} },
    amount_received: record.receivedMinor,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods:
      record.automatic === null
        ? null
        : { enabled: record.automatic.enabled, allow_redirects: record.automatic.allowRedirects },
    canceled_at: record.canceledAtS,
    cancellation_reason: record.cancellationReason,
    capture_method: record.captureMethod,
    client_secret: record.clientSecret,
    confirmation_method: record.confirmationMethod,
    created: record.createdS,
    currency: record.currency,
    customer: record.customer,
    customer_account: null,
    description: record.description,
    excluded_payment_method_types: null,
    last_payment_error: record.lastError === null ? null : attemptErrorObject(record.lastError),
    latest_charge: record.latestCharge,
    livemode: false,
    managed_payments: null,
    metadata: record.metadata,
    next_action: nextActionObject(record.nextAction),
    on_behalf_of: null,
    payment_method: record.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: record.requestThreeDSecure,
      },
    },
    payment_method_types: record.allowedTypes ?? ['card'],
    payment_record: null,
    processing: record.status === 'processing' ? { type: 'card' } : null,
    receipt_email: record.receiptEmail,
    review: null,
    setup_future_usage: record.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: record.statementDescriptorSuffix,
    status: record.status,
    transfer_data: null,
    transfer_group: null,
  }
}

/** The members that Stripe returns to a publishable key. */
const PUBLIC_MEMBERS = [
  'id',
  'object',
  'amount',
  'amount_details',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_configuration_details',
  'payment_method_types',
  'processing',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'source',
  'status',
] as const satisfies readonly (keyof Stripe.PaymentIntent)[]

/** Builds the object for a reader of this kind. */
export function paymentIntentFor(record: PaymentIntentRecord, viewer: Viewer): object {
  const full = paymentIntentObject(record)
  if (viewer === 'secret') return full
  const visible = Object.fromEntries(PUBLIC_MEMBERS.map((name) => [name, full[name]]))
  return {
    ...visible,
    last_payment_error: record.lastError === null ? null : attemptErrorFor(record.lastError, viewer),
  }
}

/** Builds `next_action`; the shape is the same on PaymentIntents and SetupIntents. */
export function nextActionObject(action: NextAction | null): {
  type: string
  use_stripe_sdk?: { [key: string]: unknown }
  redirect_to_url?: { return_url: string | null; url: string | null }
} | null {
  if (action === null) return null
  if (action.type === 'redirect_to_url') {
    return { type: action.type, redirect_to_url: { return_url: action.returnUrl, url: action.url } }
  }
  return {
    type: action.type,
    use_stripe_sdk: {
      type: 'stripe_3ds2_fingerprint',
      three_d_secure_2_source: action.threeDS,
      server_transaction_id: action.threeDS.replace('payatt', 'txn'),
    },
  }
}
