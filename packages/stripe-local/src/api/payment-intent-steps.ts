import type Stripe from 'stripe'
import { refusedRequest } from '../api-error.js'
import { asSeenBy } from '../browser-view.js'
import { checkClientSecret } from '../client-secret.js'
import { checkAmount } from '../currency-rules.js'
import { allowedTypes, checkCustomer, checkReturnUrl, refuseRemovedParameters } from '../intent-rules.js'
import { chargeObject } from '../objects/charge.js'
import { type PaymentIntentRecord, paymentIntentFor, paymentIntentObject } from '../objects/payment-intent.js'
import { emptyable, integer, mergeMetadata, metadata, oneOf, type Read, readParams, text } from '../params.js'
import { capturePayment } from '../payment-attempt.js'
import { checkConfirmable, confirmIntent, unexpectedState } from '../payment-intent-confirmation.js'
import { CONFIRM, DETAILS, type Named } from '../payment-intent-params.js'
import { checkUsable, findPaymentMethod } from '../payment-methods.js'
import type { Route } from '../route.js'
import type { World } from '../world.js'
import { findPaymentIntent } from './payment-intents.js'

const UPDATE = {
  ...DETAILS,
  allowed_payment_method_types: allowedTypes,
  amount: integer(1),
  currency: text,
  customer: text,
  payment_method: text,
} as const satisfies Named<Stripe.PaymentIntentUpdateParams>

const MONEY_PARAMS = [
  'allowed_payment_method_types',
  'amount',
  'currency',
  'customer',
  'payment_method',
] as const

const CANCELABLE = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action']

/** What can be done to a PaymentIntent. */
export const paymentIntentStepRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    access: 'publishable',
    returns: 'payment_intent',
    run(world, { id, params, viewer }) {
      refuseRemovedParameters(params)
      const sent = readParams({ ...CONFIRM, client_secret: text }, params)
      const intent = findPaymentIntent(world, id)
      checkClientSecret(intent, sent.client_secret, viewer, 'PaymentIntent')
      if (viewer === 'publishable') checkBrowserMayConfirm(intent, sent)
      const shown = {
        intent: () => ({ payment_intent: paymentIntentFor(intent, viewer) }),
        lastError: () => intent.lastError,
      }
      asSeenBy(viewer, shown, () => {
        checkConfirmable(intent)
        checkReturnUrl(intent, sent.return_url ?? null)
        checkAmountToConfirm(intent, sent.amount_to_confirm)
        confirmIntent(world, intent, sent)
      })
      return paymentIntentFor(intent, viewer)
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id/cancel',
    access: 'secret',
    returns: 'payment_intent',
    run(world, call) {
      const sent = readParams(
        { cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer') },
        call.params,
      )
      const intent = findPaymentIntent(world, call.id)
      if (!CANCELABLE.includes(intent.status)) {
        throw unexpectedState(
          intent,
          `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
        )
      }
      const held =
        intent.status === 'requires_capture' ? world.charges.get(intent.latestCharge ?? '') : undefined
      intent.status = 'canceled'
      intent.canceledAtS = world.nowS()
      intent.cancellationReason = sent.cancellation_reason ?? null
      intent.capturableMinor = 0
      intent.nextAction = null
      if (held) {
        held.refundedMinor = held.amountMinor
        world.emit('charge.refunded', chargeObject(held))
      }
      world.emit('payment_intent.canceled', paymentIntentObject(intent))
      return paymentIntentObject(intent)
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id/capture',
    access: 'secret',
    returns: 'payment_intent',
    run(world, call) {
      const sent = readParams({ amount_to_capture: integer(1), metadata: emptyable(metadata) }, call.params)
      const intent = findPaymentIntent(world, call.id)
      if (intent.status !== 'requires_capture') {
        throw unexpectedState(
          intent,
          `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
        )
      }
      const amountMinor = sent.amount_to_capture ?? intent.capturableMinor
      if (amountMinor > intent.capturableMinor) {
        throw refusedRequest(
          `The amount_to_capture (${amountMinor}) is greater than amount_capturable (${intent.capturableMinor}).`,
          { code: 'amount_too_large', param: 'amount_to_capture' },
        )
      }
      intent.metadata = mergeMetadata(intent.metadata, sent.metadata)
      capturePayment(world, intent, amountMinor)
      return paymentIntentObject(intent)
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id',
    access: 'secret',
    returns: 'payment_intent',
    run(world, call) {
      refuseRemovedParameters(call.params)
      const sent = readParams(UPDATE, call.params)
      if (sent.amount !== undefined && sent.currency !== undefined) checkAmount(sent.amount, sent.currency)
      const intent = findPaymentIntent(world, call.id)
      update(world, intent, sent)
      return paymentIntentObject(intent)
    },
  },
]

function update(world: World, intent: PaymentIntentRecord, sent: Read<typeof UPDATE>): void {
  const changesMoney = MONEY_PARAMS.find((name) => sent[name] !== undefined)
  if (
    changesMoney !== undefined &&
    !['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)
  ) {
    throw unexpectedState(
      intent,
      `This PaymentIntent's ${changesMoney} could not be updated because it has a status of ${intent.status}. You may only update the ${changesMoney} of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.`,
    )
  }
  checkAmount(sent.amount ?? intent.amountMinor, sent.currency ?? intent.currency)
  checkCustomer(world, sent.customer)
  const customer = sent.customer ?? intent.customer
  const method = sent.payment_method === undefined ? null : findPaymentMethod(world, sent.payment_method)
  if (method) checkUsable(method, customer)
  intent.amountMinor = sent.amount ?? intent.amountMinor
  intent.currency = sent.currency ?? intent.currency
  intent.customer = customer
  intent.allowedTypes = sent.allowed_payment_method_types ?? intent.allowedTypes
  intent.metadata = mergeMetadata(intent.metadata, sent.metadata)
  if (sent.description !== undefined) intent.description = sent.description
  if (sent.receipt_email !== undefined) intent.receiptEmail = sent.receipt_email
  if (sent.setup_future_usage !== undefined) intent.setupFutureUsage = sent.setup_future_usage
  if (sent.statement_descriptor_suffix !== undefined)
    intent.statementDescriptorSuffix = sent.statement_descriptor_suffix
  intent.lastError = null
  if (!method && changesMoney === undefined) return
  // The payer has agreed to the old amount: what was authenticated, or is about to be, no longer counts.
  intent.nextAction = null
  intent.isAuthenticated = false
  intent.paymentMethod = method?.id ?? intent.paymentMethod
  intent.status = intent.paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation'
}

/** Whoever has the client secret confirms as the payer; what the seller alone may say is not for them. */
function checkBrowserMayConfirm(
  { id, confirmationMethod }: PaymentIntentRecord,
  sent: { off_session?: boolean | undefined; error_on_requires_action?: boolean | undefined },
): void {
  if (confirmationMethod === 'manual') {
    throw refusedRequest(
      `This PaymentIntent ${id} cannot be confirmed using your publishable key because its \`confirmation_method\` is set to \`manual\`. Please use your secret key instead, or create a PaymentIntent with \`confirmation_method\` set to \`automatic\`.`,
      { code: 'payment_intent_invalid_parameter' },
    )
  }
  const param = (['off_session', 'error_on_requires_action'] as const).find(
    (name) => sent[name] !== undefined,
  )
  if (param === undefined) return
  throw refusedRequest(`The parameter ${param} cannot be used with a publishable API key.`, { param })
}

function checkAmountToConfirm(intent: PaymentIntentRecord, minor: number | undefined): void {
  if (minor === undefined || minor === intent.amountMinor) return
  throw refusedRequest(
    `The amount_to_confirm (${minor}) does not match the amount of the PaymentIntent (${intent.amountMinor}).`,
    { code: 'payment_intent_invalid_parameter', param: 'amount_to_confirm' },
  )
}
