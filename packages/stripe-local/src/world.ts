import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import { createId } from './ids.js'
import type { ChargeRecord } from './objects/charge.js'
import type { CustomerRecord } from './objects/customer.js'
import type { DisputeRecord } from './objects/dispute.js'
import type { EarlyFraudWarningRecord } from './objects/early-fraud-warning.js'
import type { PaymentIntentRecord } from './objects/payment-intent.js'
import type { PaymentMethodRecord } from './objects/payment-method.js'
import type { RefundRecord } from './objects/refund.js'
import type { SetupAttemptRecord } from './objects/setup-attempt.js'
import type { SetupIntentRecord } from './objects/setup-intent.js'
import type { ConfirmationTokenRecord, TokenRecord } from './objects/token.js'
import type { WebhookEndpointRecord } from './objects/webhook-endpoint.js'

/** The API version that `stripe` 23.1.0 speaks. */
export const API_VERSION = '2026-10-28.endive'

/** The events that the local Stripe sends. */
export type EventType =
  | `payment_intent.${'created' | 'requires_action' | 'processing' | 'succeeded' | 'payment_failed' | 'canceled' | 'amount_capturable_updated'}`
  | `charge.${'succeeded' | 'failed' | 'pending' | 'captured' | 'refunded' | 'updated' | 'refund.updated'}`
  | `charge.dispute.${'created' | 'updated' | 'closed' | 'funds_withdrawn' | 'funds_reinstated'}`
  | `refund.${'created' | 'updated' | 'failed'}`
  | `setup_intent.${'created' | 'requires_action' | 'succeeded' | 'setup_failed' | 'canceled'}`
  | `customer.${'created' | 'updated' | 'deleted'}`
  | `payment_method.${'attached' | 'detached' | 'updated' | 'automatically_updated'}`
  | 'radar.early_fraud_warning.created'
  | 'radar.early_fraud_warning.updated'

/** The request that is running, if the change comes from one. */
export interface RequestContext {
  requestId: string
  idempotencyKey: string | null
  /** What the request changed, as `event.type object_id`. */
  effects: string[]
}

/** Everything that the local Stripe knows. */
export interface World {
  readonly account: string
  readonly searchLagMs: number
  readonly paymentMethods: Map<string, PaymentMethodRecord>
  readonly paymentIntents: Map<string, PaymentIntentRecord>
  readonly setupIntents: Map<string, SetupIntentRecord>
  readonly setupAttempts: Map<string, SetupAttemptRecord>
  readonly customers: Map<string, CustomerRecord>
  readonly charges: Map<string, ChargeRecord>
  readonly refunds: Map<string, RefundRecord>
  readonly disputes: Map<string, DisputeRecord>
  readonly earlyFraudWarnings: Map<string, EarlyFraudWarningRecord>
  readonly tokens: Map<string, TokenRecord>
  readonly confirmationTokens: Map<string, ConfirmationTokenRecord>
  readonly webhookEndpoints: Map<string, WebhookEndpointRecord>
  readonly events: Map<string, Stripe.EventBase>
  /** While true, charges stay `processing` until the bank is told what to answer. */
  isBankHolding: boolean
  request: RequestContext | null
  nowMs(): number
  nowS(): number
  /** Records an event with its object, rendered for this event alone, and hands it to the webhooks. */
  emit(type: EventType, object: { id: string }, previousAttributes?: object): void
  clear(): void
}

/** What a world needs from outside. */
export interface WorldOptions {
  clock: () => number
  secretKey: string
  searchLagMs: number
  onEvent: (event: Stripe.EventBase) => void
}

/** Makes an empty world. */
export function createWorld({ clock, secretKey, searchLagMs, onEvent }: WorldOptions): World {
  const world: World = {
    account: `acct_${createHash('sha256').update(secretKey).digest('hex').slice(0, 16)}`,
    searchLagMs,
    paymentMethods: new Map(),
    paymentIntents: new Map(),
    setupIntents: new Map(),
    setupAttempts: new Map(),
    customers: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    earlyFraudWarnings: new Map(),
    tokens: new Map(),
    confirmationTokens: new Map(),
    webhookEndpoints: new Map(),
    events: new Map(),
    isBankHolding: false,
    request: null,
    nowMs: clock,
    nowS: () => Math.floor(clock() / 1000),
    emit(type, object, previousAttributes) {
      let listening = 0
      for (const endpoint of world.webhookEndpoints.values()) if (listensTo(endpoint, type)) listening += 1
      const event: Stripe.EventBase = {
        id: createId('evt'),
        object: 'event',
        api_version: API_VERSION,
        created: world.nowS(),
        data: {
          object,
          ...(previousAttributes === undefined ? {} : { previous_attributes: previousAttributes }),
        },
        livemode: false,
        pending_webhooks: listening,
        request: {
          id: world.request?.requestId ?? null,
          idempotency_key: world.request?.idempotencyKey ?? null,
        },
        type,
      }
      world.events.set(event.id, event)
      world.request?.effects.push(`${type} ${object.id}`)
      onEvent(event)
    },
    clear() {
      for (const collection of collectionsOf(world)) collection.clear()
      world.isBankHolding = false
    },
  }
  return world
}

/** Tells whether an endpoint wants events of this type. */
export function listensTo(endpoint: WebhookEndpointRecord, type: string): boolean {
  return (
    !endpoint.isDisabled && (endpoint.enabledEvents.includes('*') || endpoint.enabledEvents.includes(type))
  )
}

/** Everything but the webhook endpoints, which are configuration and survive a reset. */
function collectionsOf(world: World): Map<string, unknown>[] {
  return [
    world.paymentMethods,
    world.paymentIntents,
    world.setupIntents,
    world.setupAttempts,
    world.customers,
    world.charges,
    world.refunds,
    world.disputes,
    world.earlyFraudWarnings,
    world.tokens,
    world.confirmationTokens,
    world.events,
  ]
}
