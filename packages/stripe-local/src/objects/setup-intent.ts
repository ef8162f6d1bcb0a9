import type Stripe from 'stripe'
import { type AttemptError, attemptErrorFor, attemptErrorObject } from './payment-error.js'
import { type NextAction, nextActionObject } from './payment-intent.js'
import type { Viewer } from './payment-method.js'

/** The statuses that the local Stripe can reach. */
export type SetupIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'succeeded'
  | 'canceled'

/** A SetupIntent as the local Stripe keeps it. */
export interface SetupIntentRecord {
  id: string
  clientSecret: string
  createdS: number
  status: SetupIntentStatus
  allowedTypes: string[] | null
  automatic: { enabled: boolean; allowRedirects: 'always' | 'never' } | null
  cancellationReason: string | null
  customer: string | null
  description: string | null
  lastError: AttemptError | null
  latestAttempt: string | null
  metadata: Record<string, string>
  nextAction: NextAction | null
  paymentMethod: string | null
  usage: 'off_session' | 'on_session'
}

/** Builds the object as a secret key sees it. */
export function setupIntentObject(record: SetupIntentRecord): Stripe.SetupIntent {
  return {
    id: record.id,
    object: 'setup_intent',
    allowed_payment_method_types: record.allowedTypes,
    application: null,
    automatic_payment_methods:
      record.automatic === null
        ? null
        : { enabled: record.automatic.enabled, allow_redirects: record.automatic.allowRedirects },
    cancellation_reason: record.cancellationReason,
    client_secret: record.clientSecret,
    created: record.createdS,
    customer: record.customer,
    customer_account: null,
    description: record.description,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: record.lastError === null ? null : attemptErrorObject(record.lastError),
    latest_attempt: record.latestAttempt,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: record.metadata,
    next_action: nextActionObject(record.nextAction),
    on_behalf_of: null,
    payment_method: record.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: record.allowedTypes ?? ['card'],
    single_use_mandate: null,
    status: record.status,
    usage: record.usage,
  }
}

/** The members that Stripe returns to a publishable key. */
const PUBLIC_MEMBERS = [
  'id',
  'object',
  'automatic_payment_methods',
  'cancellation_reason',
  'client_secret',
  'created',
  'description',
  'last_setup_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_configuration_details',
  'payment_method_types',
  'status',
  'usage',
] as const satisfies readonly (keyof Stripe.SetupIntent)[]

/** Builds the object for a reader of this kind. */
export function setupIntentFor(record: SetupIntentRecord, viewer: Viewer): object {
  const full = setupIntentObject(record)
  if (viewer === 'secret') return full
  const visible = Object.fromEntries(PUBLIC_MEMBERS.map((name) => [name, full[name]]))
  return {
    ...visible,
    last_setup_error: record.lastError === null ? null : attemptErrorFor(record.lastError, viewer),
  }
}
