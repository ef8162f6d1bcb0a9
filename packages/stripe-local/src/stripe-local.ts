import type { RequestHandler } from 'msw'
import type Stripe from 'stripe'
import {
  closeDispute,
  escalateInquiry,
  openDispute,
  refundCharge,
  settleRefund,
  warnOfFraud,
} from './after-the-charge.js'
import { type ApiAnswer, type ApiParts, type ApiRequest, answerCall } from './api.js'
import type { ApiKeys } from './api-keys.js'
import { type DirectAnswer, type DirectCall, takeCall } from './direct-call.js'
import { createFaults, type Faults } from './faults.js'
import { createHandlers } from './handlers.js'
import { createHttpClient } from './http-client.js'
import { createIdempotencyKeys } from './idempotency.js'
import { type ChargeRecord, chargeObject } from './objects/charge.js'
import { customerObject } from './objects/customer.js'
import { disputeObject } from './objects/dispute.js'
import { earlyFraudWarningObject } from './objects/early-fraud-warning.js'
import { paymentIntentObject } from './objects/payment-intent.js'
import { fullPaymentMethod } from './objects/payment-method.js'
import { refundObject } from './objects/refund.js'
import { setupIntentObject } from './objects/setup-intent.js'
import { authenticatePayment, finishProcessing } from './payment-attempt.js'
import { createRequestLog, type RequestLog } from './request-log.js'
import { authenticateSetup } from './setup-attempt.js'
import { createWebhooks, type Webhooks, type WebhookTarget } from './webhooks.js'
import { createWorld, type World } from './world.js'

/** How the local Stripe is set up. */
export interface StripeLocalOptions {
  /** Epoch milliseconds. Default: the machine's clock. */
  clock?: () => number
  /** Default `pk_test_local`. */
  publishableKey?: string
  /** Default `sk_test_local`. */
  secretKey?: string
  /** Restricted keys (`rk_test_…`), each with the resources that it may neither read nor write, such as `customers`. */
  restrictedKeys?: Readonly<Record<string, readonly string[]>>
  webhookEndpoints?: WebhookTarget[]
  /** The origin that the handlers answer. Default `https://api.stripe.com`. */
  apiOrigin?: string
  /** How long a new object stays out of searches. Default one minute. */
  searchLagMs?: number
  /** Waits so long; called once per changing call, with 0 as a rule. Default: timers, a turn of the event loop for 0. */
  sleep?: (ms: number) => Promise<void>
  /** Told of every event, whether or not an endpoint listens. */
  onEvent?: (event: Stripe.EventBase) => void
}

/** Read-only copies of what there is, oldest first, as a secret key sees it. */
export interface StripeLocalState {
  paymentIntents(): Stripe.PaymentIntent[]
  setupIntents(): Stripe.SetupIntent[]
  charges(): Stripe.Charge[]
  refunds(): Stripe.Refund[]
  disputes(): Stripe.Dispute[]
  earlyFraudWarnings(): Stripe.Radar.EarlyFraudWarning[]
  customers(): (Stripe.Customer | Stripe.DeletedCustomer)[]
  paymentMethods(): Stripe.PaymentMethod[]
  events(): Stripe.EventBase[]
}

/** A Stripe of one's own: stateful, and stricter than the original. */
export interface StripeLocal {
  /** For `setupServer(...stripeLocal.handlers)`. */
  readonly handlers: RequestHandler[]
  readonly keys: ApiKeys
  readonly faults: Faults
  readonly log: RequestLog
  readonly webhooks: Webhooks
  readonly state: StripeLocalState
  /** Answers a call without HTTP. */
  call(request: ApiRequest): Promise<ApiAnswer>
  /** Takes a call without HTTP, forms, faults or a log, and gives the function that carries it out; for simulations. */
  take(call: DirectCall): () => DirectAnswer
  /** For `new Stripe(key, { httpClient: stripeLocal.httpClient })`: no HTTP, no interception, the client's timeout. */
  readonly httpClient: Stripe.HttpClient
  /** The bank app: 3-D Secure ends outside the page. */
  authenticate(intent: string, outcome: 'approve' | 'fail'): void
  /** From now on charges stay `processing` until `finishCharge`. */
  holdCharges(): void
  /** The bank answers for a PaymentIntent that is `processing`; charges made later are answered at once again. */
  finishCharge(paymentIntent: string, outcome: 'approve' | 'decline'): void
  /** The payer disputes a charge, named by its id or its PaymentIntent's. */
  dispute(charge: string, options?: { reason?: string; isInquiry?: boolean }): Stripe.Dispute
  /** An inquiry becomes a dispute. */
  escalateInquiry(dispute: string): void
  closeDispute(dispute: string, outcome: 'won' | 'lost'): void
  /** The seller refunds in the dashboard; without an amount, everything that is left. */
  refund(charge: string, options?: { amountMinor?: number }): Stripe.Refund
  /** Time passes: a pending refund succeeds, one to a card that cannot take it fails. */
  settleRefund(refund: string): void
  warnOfFraud(charge: string): void
  /** The bank renews an attached card: same number, later expiry; Stripe updates it by itself. */
  renewCard(paymentMethod: string): Stripe.PaymentMethod
  /** Forgets everything but the webhook endpoints. */
  reset(): void
  /** Stops timers and deliveries. */
  close(): void
}

const RENEWED_FOR_YEARS = 4

/** Makes a local Stripe. */
export function createStripeLocal(options: StripeLocalOptions = {}): StripeLocal {
  const clock = options.clock ?? Date.now
  const keys = {
    publishableKey: checkedKey(options.publishableKey ?? 'pk_test_local', 'pk_test_'),
    secretKey: checkedKey(options.secretKey ?? 'sk_test_local', 'sk_test_'),
    ...(options.restrictedKeys && { restrictedKeys: options.restrictedKeys }),
  }
  for (const key of Object.keys(options.restrictedKeys ?? {})) checkedKey(key, 'rk_test_')
  const webhooks = createWebhooks({ world: () => world, clock, hasTimer: options.clock === undefined })
  const world = createWorld({
    clock,
    secretKey: keys.secretKey,
    searchLagMs: options.searchLagMs ?? 60_000,
    onEvent(event) {
      webhooks.onEvent(event)
      options.onEvent?.(event)
    },
  })
  for (const target of options.webhookEndpoints ?? []) webhooks.add(target)
  const state = stateOf(world)
  const log = createRequestLog(state.charges)
  const faults = createFaults()
  const idempotency = createIdempotencyKeys(clock)
  const parts: ApiParts = { world, keys, faults, idempotency, log, sleep: options.sleep ?? sleepByTimer }
  const call = (request: ApiRequest): Promise<ApiAnswer> => answerCall(parts, request)
  return {
    handlers: createHandlers(parts, options.apiOrigin ?? 'https://api.stripe.com'),
    keys,
    faults,
    log,
    webhooks,
    state,
    call,
    take: (direct) => takeCall(parts, direct),
    httpClient: createHttpClient(call),
    authenticate(id, outcome) {
      const setupIntent = world.setupIntents.get(id)
      if (setupIntent) authenticateSetup(world, setupIntent, outcome)
      else authenticatePayment(world, known(world.paymentIntents, id), outcome)
    },
    holdCharges() {
      world.isBankHolding = true
    },
    finishCharge(id, outcome) {
      world.isBankHolding = false
      finishProcessing(world, known(world.paymentIntents, id), outcome)
    },
    dispute(id, { reason = 'fraudulent', isInquiry = false } = {}) {
      return disputeObject(openDispute(world, chargeOf(world, id), { reason, isInquiry }))
    },
    escalateInquiry: (id) => escalateInquiry(world, known(world.disputes, id)),
    closeDispute: (id, outcome) => closeDispute(world, known(world.disputes, id), outcome),
    refund(id, { amountMinor } = {}) {
      const charge = chargeOf(world, id)
      const leftMinor = charge.capturedMinor - charge.refundedMinor
      if (leftMinor <= 0 || (amountMinor ?? leftMinor) > leftMinor) {
        throw new Error(
          `Charge ${charge.id} has ${leftMinor} left to refund, not ${amountMinor ?? 'anything'}.`,
        )
      }
      return refundObject(
        refundCharge(world, charge, { amountMinor: amountMinor ?? leftMinor, metadata: {}, reason: null }),
      )
    },
    settleRefund: (id) => settleRefund(world, known(world.refunds, id)),
    warnOfFraud: (id) => warnOfFraud(world, chargeOf(world, id)),
    renewCard(id) {
      const record = known(world.paymentMethods, id)
      if (record.customer === null)
        throw new Error(`PaymentMethod ${id} is attached to nobody; Stripe does not update it.`)
      const previous = { card: { exp_year: record.card.expYear } }
      record.card = { ...record.card, expYear: record.card.expYear + RENEWED_FOR_YEARS }
      world.emit('payment_method.automatically_updated', fullPaymentMethod(record), previous)
      return fullPaymentMethod(record)
    },
    reset() {
      faults.clear()
      idempotency.clear()
      webhooks.clear()
      log.clear()
      world.clear()
    },
    close() {
      faults.clear()
      webhooks.close()
    },
  }
}

function stateOf(world: World): StripeLocalState {
  return {
    paymentIntents: () =>
      [...world.paymentIntents.values()].map((record) => structuredClone(paymentIntentObject(record))),
    setupIntents: () =>
      [...world.setupIntents.values()].map((record) => structuredClone(setupIntentObject(record))),
    charges: () => [...world.charges.values()].map((record) => structuredClone(chargeObject(record))),
    refunds: () => [...world.refunds.values()].map((record) => structuredClone(refundObject(record))),
    disputes: () => [...world.disputes.values()].map((record) => structuredClone(disputeObject(record))),
    earlyFraudWarnings: () => [...world.earlyFraudWarnings.values()].map(earlyFraudWarningObject),
    customers: () => [...world.customers.values()].map((record) => structuredClone(customerObject(record))),
    paymentMethods: () =>
      [...world.paymentMethods.values()].map((record) => structuredClone(fullPaymentMethod(record))),
    events: () => structuredClone([...world.events.values()]),
  }
}

function sleepByTimer(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms === 0) setImmediate(resolve)
    else setTimeout(resolve, ms)
  })
}

/** Live keys are refused: nothing here may ever be mistaken for the real thing. */
function checkedKey(key: string, prefix: string): string {
  if (key.startsWith(prefix) && key.length > prefix.length) return key
  throw new Error(
    `The local Stripe takes a key that starts with ${prefix}, not ${JSON.stringify(key.slice(0, 8))}…`,
  )
}

function known<T>(records: Map<string, T>, id: string): T {
  const record = records.get(id)
  if (record === undefined) throw new Error(`The local Stripe knows no ${id}.`)
  return record
}

function chargeOf(world: World, id: string): ChargeRecord {
  if (!id.startsWith('pi_')) return known(world.charges, id)
  const { latestCharge } = known(world.paymentIntents, id)
  if (latestCharge === null) throw new Error(`PaymentIntent ${id} has no charge.`)
  return known(world.charges, latestCharge)
}
