import { openDispute, warnOfFraud } from './after-the-charge.js'
import { ApiError, refusedRequest } from './api-error.js'
import { checkedCard } from './card-number.js'
import { AUTHENTICATION_REQUIRED, type Decline } from './cards.js'
import { createId } from './ids.js'
import { askIssuer } from './issuer.js'
import { type ChargeRecord, chargeObject } from './objects/charge.js'
import { attemptErrorObject, authenticationFailure, declineError } from './objects/payment-error.js'
import { type PaymentIntentRecord, paymentIntentObject } from './objects/payment-intent.js'
import { fullPaymentMethod, type PaymentMethodRecord } from './objects/payment-method.js'
import { attachTo, checkUsable, findPaymentMethod } from './payment-methods.js'
import type { World } from './world.js'

/** How a PaymentIntent is to be confirmed. */
export interface Confirmation {
  paymentMethod: PaymentMethodRecord
  isOffSession: boolean
  refusesAction: boolean
  returnUrl: string | null
  usesStripeSdk: boolean
}

/**
 * Tries to charge a PaymentIntent that may be confirmed.
 * @throws ApiError 402 when the bank declines; 400 when the PaymentMethod may not be used
 */
export function confirmPayment(world: World, intent: PaymentIntentRecord, confirmation: Confirmation): void {
  const { paymentMethod, isOffSession, refusesAction } = confirmation
  const isSecondStep = intent.isAuthenticated && intent.paymentMethod === paymentMethod.id
  if (!isSecondStep) checkUsable(paymentMethod, intent.customer)
  intent.paymentMethod = paymentMethod.id
  intent.isAuthenticated = isSecondStep
  intent.lastError = null
  intent.nextAction = null
  if (paymentMethod.customer === null) paymentMethod.isUsedUp = true
  const answer = ask(intent, paymentMethod, isOffSession)
  if (answer.kind === 'challenge' && !refusesAction) {
    challenge(world, intent, confirmation)
    return
  }
  const decline =
    answer.kind === 'challenge' ? AUTHENTICATION_REQUIRED : charge(world, intent, paymentMethod, answer)
  if (decline === null) return
  if (answer.kind === 'challenge') failCharge(world, intent, paymentMethod, decline)
  throw declinedPayment(intent, paymentMethod)
}

/** The bank app, or the frame, tells how the payer's authentication ended. */
export function authenticatePayment(
  world: World,
  intent: PaymentIntentRecord,
  outcome: 'approve' | 'fail',
): void {
  if (intent.status !== 'requires_action' || intent.paymentMethod === null) {
    throw refusedRequest(
      `This PaymentIntent's status is ${intent.status}; there is nothing to authenticate.`,
      {
        code: 'payment_intent_unexpected_state',
      },
    )
  }
  const paymentMethod = findPaymentMethod(world, intent.paymentMethod)
  intent.nextAction = null
  if (outcome === 'fail') {
    intent.lastError = authenticationFailure('payment', paymentMethod)
    intent.status = 'requires_payment_method'
    intent.paymentMethod = null
    world.emit('payment_intent.payment_failed', paymentIntentObject(intent))
    return
  }
  intent.isAuthenticated = true
  if (intent.confirmationMethod === 'manual') {
    intent.status = 'requires_confirmation'
    return
  }
  const answer = ask(intent, paymentMethod, false)
  if (answer.kind !== 'challenge') charge(world, intent, paymentMethod, answer)
}

/** The bank answers for a charge that it had kept `processing`. */
export function finishProcessing(
  world: World,
  intent: PaymentIntentRecord,
  outcome: 'approve' | 'decline',
): void {
  const pending = intent.latestCharge === null ? undefined : world.charges.get(intent.latestCharge)
  if (intent.status !== 'processing' || !pending) {
    throw new Error(
      `${intent.id} is ${intent.status}; only a PaymentIntent that is processing can be finished.`,
    )
  }
  if (outcome === 'approve') {
    succeed(world, intent, pending)
    return
  }
  pending.status = 'failed'
  pending.decline = {
    code: 'card_declined',
    declineCode: 'generic_decline',
    message: 'Your card was declined.',
  }
  fail(world, intent, pending, pending.decline)
}

/** Takes what an authorization allows, or part of it. */
export function capturePayment(world: World, intent: PaymentIntentRecord, amountMinor: number): void {
  const authorized = intent.latestCharge === null ? undefined : world.charges.get(intent.latestCharge)
  if (!authorized) throw new Error(`${intent.id} is to be captured but has no charge.`)
  authorized.isCaptured = true
  authorized.capturedMinor = amountMinor
  authorized.refundedMinor = authorized.amountMinor - amountMinor
  intent.capturableMinor = 0
  intent.receivedMinor = amountMinor
  intent.status = 'succeeded'
  world.emit('charge.captured', chargeObject(authorized))
  world.emit('payment_intent.succeeded', paymentIntentObject(intent))
}

type Answer = ReturnType<typeof askIssuer>

function ask(intent: PaymentIntentRecord, paymentMethod: PaymentMethodRecord, isOffSession: boolean): Answer {
  return askIssuer({
    testCard: paymentMethod.card.testCard,
    purpose: 'charge',
    isOffSession,
    isAuthenticationWanted: intent.requestThreeDSecure !== 'automatic',
    isAuthenticated: intent.isAuthenticated,
    isSetUp: paymentMethod.isSetUp,
  })
}

function challenge(
  world: World,
  intent: PaymentIntentRecord,
  { returnUrl, usesStripeSdk }: Confirmation,
): void {
  const threeDS = createId('payatt')
  intent.status = 'requires_action'
  intent.nextAction =
    returnUrl !== null && !usesStripeSdk
      ? {
          type: 'redirect_to_url',
          url: `https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=${intent.id}&attempt=${threeDS}`,
          returnUrl,
        }
      : { type: 'use_stripe_sdk', threeDS }
  world.emit('payment_intent.requires_action', paymentIntentObject(intent))
}

function charge(
  world: World,
  intent: PaymentIntentRecord,
  paymentMethod: PaymentMethodRecord,
  answer: Exclude<Answer, { kind: 'challenge' }>,
): Decline | null {
  if (answer.kind === 'declined') {
    failCharge(world, intent, paymentMethod, answer.decline)
    return answer.decline
  }
  const made = addCharge(world, intent, paymentMethod)
  if (world.isBankHolding) {
    intent.status = 'processing'
    world.emit('charge.pending', chargeObject(made))
    world.emit('payment_intent.processing', paymentIntentObject(intent))
    return null
  }
  succeed(world, intent, made)
  return null
}

function failCharge(
  world: World,
  intent: PaymentIntentRecord,
  paymentMethod: PaymentMethodRecord,
  decline: Decline,
): void {
  const made = addCharge(world, intent, paymentMethod)
  made.status = 'failed'
  made.decline = decline
  fail(world, intent, made, decline)
}

function fail(world: World, intent: PaymentIntentRecord, made: ChargeRecord, decline: Decline): void {
  intent.status = 'requires_payment_method'
  intent.paymentMethod = null
  intent.isAuthenticated = false
  intent.lastError = declineError(decline, made.paymentMethod, made.id)
  world.emit('charge.failed', chargeObject(made))
  world.emit('payment_intent.payment_failed', paymentIntentObject(intent))
}

function succeed(world: World, intent: PaymentIntentRecord, made: ChargeRecord): void {
  made.status = 'succeeded'
  const { paymentMethod } = made
  if (intent.setupFutureUsage !== null) {
    paymentMethod.isSetUp = paymentMethod.isSetUp || intent.setupFutureUsage === 'off_session'
    if (intent.customer !== null && paymentMethod.customer === null)
      attachTo(world, paymentMethod, intent.customer)
  }
  if (intent.captureMethod === 'manual') {
    intent.status = 'requires_capture'
    intent.capturableMinor = intent.amountMinor
    world.emit('charge.succeeded', chargeObject(made))
    world.emit('payment_intent.amount_capturable_updated', paymentIntentObject(intent))
    return
  }
  made.isCaptured = true
  made.capturedMinor = made.amountMinor
  intent.status = 'succeeded'
  intent.receivedMinor = intent.amountMinor
  world.emit('charge.succeeded', chargeObject(made))
  world.emit('payment_intent.succeeded', paymentIntentObject(intent))
  const { dispute, hasFraudWarning } = paymentMethod.card.testCard
  if (dispute) openDispute(world, made, dispute)
  if (hasFraudWarning) warnOfFraud(world, made)
}

function addCharge(
  world: World,
  intent: PaymentIntentRecord,
  paymentMethod: PaymentMethodRecord,
): ChargeRecord {
  paymentMethod.card = checkedCard(paymentMethod.card)
  const made: ChargeRecord = {
    id: createId('ch'),
    createdS: world.nowS(),
    amountMinor: intent.amountMinor,
    capturedMinor: 0,
    refundedMinor: 0,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    metadata: intent.metadata,
    paymentIntent: intent.id,
    paymentMethod,
    card: paymentMethod.card,
    receiptEmail: intent.receiptEmail,
    statementDescriptorSuffix: intent.statementDescriptorSuffix,
    status: 'pending',
    decline: null,
    isCaptured: false,
    isAuthenticated: intent.isAuthenticated,
    isDisputed: false,
  }
  world.charges.set(made.id, made)
  intent.latestCharge = made.id
  return made
}

function declinedPayment(intent: PaymentIntentRecord, paymentMethod: PaymentMethodRecord): ApiError {
  if (intent.lastError === null) throw new Error(`${intent.id} was declined without an error.`)
  return new ApiError(402, {
    ...attemptErrorObject(intent.lastError),
    payment_intent: paymentIntentObject(intent),
    payment_method: fullPaymentMethod(paymentMethod),
  })
}
