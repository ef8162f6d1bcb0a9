import type Stripe from 'stripe'
import type { Decline } from '../cards.js'
import {
  fullPaymentMethod,
  type PaymentMethodRecord,
  paymentMethodObject,
  type Viewer,
} from './payment-method.js'

/** The error of an intent's last attempt, as the local Stripe keeps it. */
export interface AttemptError {
  type: 'card_error' | 'invalid_request_error'
  code: string
  declineCode?: string
  message: string
  charge?: string
  paymentMethod: PaymentMethodRecord
}

/** What `last_payment_error`, `last_setup_error` and a 402 body have in common. */
export interface AttemptErrorObject {
  type: 'card_error' | 'invalid_request_error'
  code: string
  message: string
  doc_url: string
  decline_code?: string
  charge?: string
  payment_method: Stripe.PaymentMethod
}

/** Records a decline. */
export function declineError(
  decline: Decline,
  paymentMethod: PaymentMethodRecord,
  charge?: string,
): AttemptError {
  return {
    type: 'card_error',
    code: decline.code,
    message: decline.message,
    ...(decline.declineCode === undefined ? {} : { declineCode: decline.declineCode }),
    ...(charge === undefined ? {} : { charge }),
    paymentMethod,
  }
}

/** Records that the payer failed, or refused, 3-D Secure. */
export function authenticationFailure(
  noun: 'payment' | 'setup',
  paymentMethod: PaymentMethodRecord,
): AttemptError {
  return {
    type: 'invalid_request_error',
    code: `${noun}_intent_authentication_failure`,
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    paymentMethod,
  }
}

/** Builds the error as a secret key sees it. */
export function attemptErrorObject(error: AttemptError): AttemptErrorObject {
  return {
    type: error.type,
    code: error.code,
    message: error.message,
    doc_url: `https://stripe.com/docs/error-codes/${error.code.replaceAll('_', '-')}`,
    ...(error.declineCode === undefined ? {} : { decline_code: error.declineCode }),
    ...(error.charge === undefined ? {} : { charge: error.charge }),
    payment_method: fullPaymentMethod(error.paymentMethod),
  }
}

/** Builds the error for a reader of this kind: a browser sees neither fingerprint nor metadata. */
export function attemptErrorFor(
  error: AttemptError,
  viewer: Viewer,
): AttemptErrorObject | (Omit<AttemptErrorObject, 'payment_method'> & { payment_method: object }) {
  const full = attemptErrorObject(error)
  return viewer === 'secret'
    ? full
    : { ...full, payment_method: paymentMethodObject(error.paymentMethod, viewer) }
}
