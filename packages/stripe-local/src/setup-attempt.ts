import { ApiError, refusedRequest } from './api-error.js'
import { checkedCard } from './card-number.js'
import { createId } from './ids.js'
import { askIssuer } from './issuer.js'
import { attemptErrorObject, authenticationFailure, declineError } from './objects/payment-error.js'
import { fullPaymentMethod, type PaymentMethodRecord } from './objects/payment-method.js'
import type { SetupAttemptRecord } from './objects/setup-attempt.js'
import { type SetupIntentRecord, setupIntentObject } from './objects/setup-intent.js'
import { attachTo, checkUsable } from './payment-methods.js'
import type { World } from './world.js'

/** How a SetupIntent is to be confirmed. */
export interface SetupConfirmation {
  paymentMethod: PaymentMethodRecord
  returnUrl: string | null
  usesStripeSdk: boolean
}

/**
 * Tries to set a card up for later.
 * @throws ApiError 402 when the bank declines; 400 when the PaymentMethod may not be used
 */
export function confirmSetup(world: World, intent: SetupIntentRecord, confirmation: SetupConfirmation): void {
  const { paymentMethod, returnUrl, usesStripeSdk } = confirmation
  checkUsable(paymentMethod, intent.customer)
  intent.paymentMethod = paymentMethod.id
  intent.lastError = null
  intent.nextAction = null
  const attempt = beginAttempt(world, intent, paymentMethod)
  const { testCard } = paymentMethod.card
  const answer = askIssuer({
    testCard,
    purpose: 'set-up',
    isOffSession: false,
    isAuthenticated: false,
    isSetUp: false,
  })
  if (answer.kind === 'challenge') {
    const threeDS = attempt.id
    intent.status = 'requires_action'
    intent.nextAction =
      returnUrl !== null && !usesStripeSdk
        ? {
            type: 'redirect_to_url',
            url: `https://hooks.stripe.com/3d_secure_2/hosted?setup_intent=${intent.id}&attempt=${threeDS}`,
            returnUrl,
          }
        : { type: 'use_stripe_sdk', threeDS }
    world.emit('setup_intent.requires_action', setupIntentObject(intent))
    return
  }
  if (finish(world, intent, attempt, answer)) return
  if (intent.lastError === null) throw new Error(`${intent.id} was declined without an error.`)
  throw new ApiError(402, {
    ...attemptErrorObject(intent.lastError),
    setup_intent: setupIntentObject(intent),
    payment_method: fullPaymentMethod(paymentMethod),
  })
}

/** The bank app, or the frame, tells how the payer's authentication ended. */
export function authenticateSetup(
  world: World,
  intent: SetupIntentRecord,
  outcome: 'approve' | 'fail',
): void {
  if (intent.status !== 'requires_action' || intent.paymentMethod === null) {
    throw refusedRequest(`This SetupIntent's status is ${intent.status}; there is nothing to authenticate.`, {
      code: 'setup_intent_unexpected_state',
    })
  }
  const attempt = world.setupAttempts.get(intent.latestAttempt ?? '')
  if (!attempt) throw new Error(`${intent.id} is to be authenticated but nothing was tried.`)
  const { paymentMethod } = attempt
  intent.nextAction = null
  attempt.authentication = outcome === 'fail' ? 'failed' : 'authenticated'
  if (outcome === 'fail') {
    intent.lastError = authenticationFailure('setup', paymentMethod)
    attempt.status = 'failed'
    attempt.error = intent.lastError
    intent.status = 'requires_payment_method'
    intent.paymentMethod = null
    world.emit('setup_intent.setup_failed', setupIntentObject(intent))
    return
  }
  const { testCard } = paymentMethod.card
  const answer = askIssuer({
    testCard,
    purpose: 'set-up',
    isOffSession: false,
    isAuthenticated: true,
    isSetUp: false,
  })
  if (answer.kind !== 'challenge') finish(world, intent, attempt, answer)
}

function beginAttempt(
  world: World,
  intent: SetupIntentRecord,
  paymentMethod: PaymentMethodRecord,
): SetupAttemptRecord {
  const attempt: SetupAttemptRecord = {
    id: createId('setatt'),
    createdS: world.nowS(),
    setupIntent: intent.id,
    customer: intent.customer,
    paymentMethod,
    card: paymentMethod.card,
    status: 'requires_action',
    authentication: null,
    error: null,
    usage: intent.usage,
  }
  world.setupAttempts.set(attempt.id, attempt)
  intent.latestAttempt = attempt.id
  return attempt
}

type FinalAnswer = Exclude<ReturnType<typeof askIssuer>, { kind: 'challenge' }>

function finish(
  world: World,
  intent: SetupIntentRecord,
  attempt: SetupAttemptRecord,
  answer: FinalAnswer,
): boolean {
  const { paymentMethod } = attempt
  paymentMethod.card = checkedCard(paymentMethod.card)
  attempt.card = paymentMethod.card
  if (answer.kind === 'declined') {
    intent.status = 'requires_payment_method'
    intent.paymentMethod = null
    intent.lastError = declineError(answer.decline, paymentMethod)
    attempt.status = 'failed'
    attempt.error = intent.lastError
    world.emit('setup_intent.setup_failed', setupIntentObject(intent))
    return false
  }
  intent.status = 'succeeded'
  attempt.status = 'succeeded'
  paymentMethod.isSetUp = paymentMethod.isSetUp || intent.usage === 'off_session'
  if (intent.customer !== null && paymentMethod.customer === null)
    attachTo(world, paymentMethod, intent.customer)
  world.emit('setup_intent.succeeded', setupIntentObject(intent))
  return true
}
