import { redeemConfirmationToken } from './api/confirmation-tokens.js'
import { refusedRequest } from './api-error.js'
import { checkTakesCards } from './intent-rules.js'
import { type PaymentIntentRecord, paymentIntentObject } from './objects/payment-intent.js'
import { confirmPayment } from './payment-attempt.js'
import type { SentConfirmation } from './payment-intent-params.js'
import { checkUsable, findPaymentMethod } from './payment-methods.js'
import type { World } from './world.js'

/**
 * Confirms a PaymentIntent with the payment method that was sent, that the token holds, or that it has.
 * @throws ApiError 402 when the bank declines; 400 when the payment method cannot be used
 */
export function confirmIntent(world: World, intent: PaymentIntentRecord, sent: SentConfirmation): void {
  if (sent.payment_method !== undefined && sent.confirmation_token !== undefined) {
    throw refusedRequest(
      'You may only specify one of these parameters: payment_method, confirmation_token.',
      {
        code: 'parameters_exclusive',
        param: 'confirmation_token',
      },
    )
  }
  checkTakesCards(intent, 'payment')
  const token =
    sent.confirmation_token === undefined
      ? null
      : redeemConfirmationToken(world, sent.confirmation_token, intent.id)
  const id = token?.paymentMethod.id ?? sent.payment_method ?? intent.paymentMethod
  if (id === null) throw missingMethod(intent.id)
  const paymentMethod = findPaymentMethod(world, id)
  const isSecondStep = intent.isAuthenticated && intent.paymentMethod === paymentMethod.id
  if (!isSecondStep) checkUsable(paymentMethod, intent.customer)
  if (sent.receipt_email !== undefined) intent.receiptEmail = sent.receipt_email
  if (sent.setup_future_usage !== undefined) intent.setupFutureUsage = sent.setup_future_usage
  else if (token?.setupFutureUsage) intent.setupFutureUsage = token.setupFutureUsage
  confirmPayment(world, intent, {
    paymentMethod,
    isOffSession: sent.off_session ?? false,
    refusesAction: sent.error_on_requires_action ?? false,
    returnUrl: sent.return_url ?? token?.returnUrl ?? null,
    usesStripeSdk: sent.use_stripe_sdk ?? false,
  })
}

/**
 * Checks that a PaymentIntent is in a state to be confirmed.
 * @throws ApiError 400 `payment_intent_unexpected_state`
 */
export function checkConfirmable(intent: PaymentIntentRecord): void {
  if (intent.status === 'succeeded') {
    throw unexpectedState(
      intent,
      'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
    )
  }
  if (['canceled', 'processing', 'requires_capture'].includes(intent.status)) {
    throw unexpectedState(
      intent,
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`,
    )
  }
}

/** Builds the 400 of a confirmation without a payment method. */
export function missingMethod(id: string): Error {
  return refusedRequest(
    `You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent ${id} with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.`,
    { code: 'payment_intent_unexpected_state', param: 'payment_method' },
  )
}

/** Builds the 400 of a PaymentIntent whose status forbids what is asked. */
export function unexpectedState(intent: PaymentIntentRecord, message: string): Error {
  return refusedRequest(message, {
    code: 'payment_intent_unexpected_state',
    payment_intent: paymentIntentObject(intent),
  })
}
