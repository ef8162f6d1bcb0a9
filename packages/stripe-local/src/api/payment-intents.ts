import { noSuch, refusedRequest } from '../api-error.js'
import { checkClientSecret } from '../client-secret.js'
import { checkAmount } from '../currency-rules.js'
import { createId, randomText } from '../ids.js'
import {
  absoluteUrl,
  allowedTypes,
  automaticPaymentMethods,
  checkCustomer,
  checkReturnUrl,
  checkTakesCards,
  methodChoice,
  refuseRemovedParameters,
} from '../intent-rules.js'
import { chargeObject } from '../objects/charge.js'
import { type PaymentIntentRecord, paymentIntentFor, paymentIntentObject } from '../objects/payment-intent.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import {
  boolean,
  emptyable,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  type Reader,
  readParams,
  required,
  text,
  textUpTo,
} from '../params.js'
import { capturePayment, confirmPayment } from '../payment-attempt.js'
import { checkUsable, findPaymentMethod } from '../payment-methods.js'
import type { Route } from '../route.js'
import { SEARCH_PARAMS, searchPage } from '../search.js'
import type { World } from '../world.js'
import { redeemConfirmationToken } from './confirmation-tokens.js'

const offSession: Reader<boolean | undefined> = (value, name) =>
  value === 'one_off' || value === 'recurring' ? true : boolean(value, name)

const HOW_TO_CONFIRM = {
  confirmation_token: text,
  error_on_requires_action: boolean,
  off_session: offSession,
  payment_method: text,
  return_url: absoluteUrl,
  use_stripe_sdk: boolean,
} as const

const DETAILS = {
  description: emptyable(textUpTo(1000)),
  metadata: emptyable(metadata),
  receipt_email: emptyable(textUpTo(800)),
  setup_future_usage: emptyable(oneOf('off_session', 'on_session')),
  statement_descriptor_suffix: emptyable(textUpTo(22)),
} as const

const CREATE = {
  ...HOW_TO_CONFIRM,
  ...DETAILS,
  allowed_payment_method_types: allowedTypes,
  amount: required(integer(1)),
  automatic_payment_methods: automaticPaymentMethods,
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  confirm: boolean,
  confirmation_method: oneOf('automatic', 'manual'),
  currency: required(text),
  customer: text,
} as const

const CONFIRM = {
  ...HOW_TO_CONFIRM,
  receipt_email: DETAILS.receipt_email,
  setup_future_usage: DETAILS.setup_future_usage,
}

/** Parameters that mean nothing unless the call also confirms. */
const ONLY_WITH_CONFIRM = [
  'confirmation_token',
  'error_on_requires_action',
  'off_session',
  'return_url',
] as const

const CANCELABLE = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action']

/** PaymentIntents. */
export const paymentIntentRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payment_intents',
    access: 'secret',
    returns: 'payment_intent',
    run(world, call) {
      refuseRemovedParameters(call.params)
      const sent = readParams(CREATE, call.params)
      checkAmount(sent.amount, sent.currency)
      if (!sent.confirm) refuseWithoutConfirm(sent)
      const choice = methodChoice(sent.allowed_payment_method_types, sent.automatic_payment_methods)
      checkCustomer(world, sent.customer)
      if (sent.confirm) {
        checkReturnUrl(choice, sent.return_url ?? null)
        if (sent.payment_method === undefined && sent.confirmation_token === undefined)
          throw missingMethod('')
      }
      const method = sent.payment_method === undefined ? null : findPaymentMethod(world, sent.payment_method)
      if (method) {
        checkTakesCards(choice, 'payment')
        checkUsable(method, sent.customer ?? null)
      }
      const id = createId('pi')
      const intent: PaymentIntentRecord = {
        id,
        clientSecret: `${id}_secret_${randomText(25)}`,
        createdS: world.nowS(),
        amountMinor: sent.amount,
        capturableMinor: 0,
        receivedMinor: 0,
        currency: sent.currency,
        status: method ? 'requires_confirmation' : 'requires_payment_method',
        ...choice,
        canceledAtS: null,
        cancellationReason: null,
        captureMethod: sent.capture_method ?? 'automatic_async',
        confirmationMethod: sent.confirmation_method ?? 'automatic',
        customer: sent.customer ?? null,
        description: sent.description ?? null,
        lastError: null,
        latestCharge: null,
        metadata: mergeMetadata({}, sent.metadata),
        nextAction: null,
        paymentMethod: method?.id ?? null,
        receiptEmail: sent.receipt_email ?? null,
        setupFutureUsage: sent.setup_future_usage ?? null,
        statementDescriptorSuffix: sent.statement_descriptor_suffix ?? null,
        isAuthenticated: false,
      }
      world.paymentIntents.set(id, intent)
      world.emit('payment_intent.created', paymentIntentObject(intent))
      if (sent.confirm) confirm(world, intent, { ...sent, payment_method: method?.id })
      return paymentIntentObject(intent)
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_intents/search',
    access: 'secret',
    returns: 'payment_intent',
    isList: true,
    run(world, call) {
      const params = readParams(SEARCH_PARAMS, call.params)
      const records = world.paymentIntents.values()
      return searchPage({ world, records, params, url: call.path, render: paymentIntentObject })
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_intents/:id',
    access: 'publishable',
    returns: 'payment_intent',
    run(world, call) {
      const sent = readParams({ client_secret: text }, call.params)
      const intent = findPaymentIntent(world, call.id)
      checkClientSecret(intent, sent.client_secret, call.viewer, 'PaymentIntent')
      return paymentIntentFor(intent, call.viewer)
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_intents',
    access: 'secret',
    returns: 'payment_intent',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, customer: text }, call.params)
      const records = [...world.paymentIntents.values()].filter(
        (intent) => params.customer === undefined || intent.customer === params.customer,
      )
      return listPage({
        records,
        noun: 'payment_intent',
        params,
        url: call.path,
        render: paymentIntentObject,
      })
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    access: 'secret',
    returns: 'payment_intent',
    run(world, call) {
      refuseRemovedParameters(call.params)
      const sent = readParams(CONFIRM, call.params)
      const intent = findPaymentIntent(world, call.id)
      checkConfirmable(intent)
      checkReturnUrl(intent, sent.return_url ?? null)
      confirm(world, intent, sent)
      return paymentIntentObject(intent)
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

const UPDATE = {
  ...DETAILS,
  allowed_payment_method_types: allowedTypes,
  amount: integer(1),
  currency: text,
  customer: text,
  payment_method: text,
} as const

const MONEY_PARAMS = [
  'allowed_payment_method_types',
  'amount',
  'currency',
  'customer',
  'payment_method',
] as const

/**
 * Finds a PaymentIntent that the path names.
 * @throws ApiError 404 `resource_missing`
 */
export function findPaymentIntent(world: World, id: string): PaymentIntentRecord {
  const intent = world.paymentIntents.get(id)
  if (!intent) throw noSuch('payment_intent', id, 'intent', 404)
  return intent
}

type Sent = Pick<Read<typeof CONFIRM>, keyof typeof HOW_TO_CONFIRM | 'receipt_email' | 'setup_future_usage'>

function confirm(world: World, intent: PaymentIntentRecord, sent: Partial<Sent>): void {
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

function checkConfirmable(intent: PaymentIntentRecord): void {
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

function refuseWithoutConfirm(sent: Partial<Record<(typeof ONLY_WITH_CONFIRM)[number], unknown>>): void {
  const param = ONLY_WITH_CONFIRM.find((name) => sent[name] !== undefined)
  if (param === undefined) return
  throw refusedRequest(
    `The parameter ${param} cannot be passed when creating a PaymentIntent unless confirm is set to true.`,
    { param },
  )
}

function missingMethod(id: string): Error {
  return refusedRequest(
    `You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent ${id} with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.`,
    { code: 'payment_intent_unexpected_state', param: 'payment_method' },
  )
}

function unexpectedState(intent: PaymentIntentRecord, message: string): Error {
  return refusedRequest(message, {
    code: 'payment_intent_unexpected_state',
    payment_intent: paymentIntentObject(intent),
  })
}
