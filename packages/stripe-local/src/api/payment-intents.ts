import type Stripe from 'stripe'
import { noSuch, refusedRequest } from '../api-error.js'
import { checkClientSecret } from '../client-secret.js'
import { checkAmount } from '../currency-rules.js'
import { createId, randomText } from '../ids.js'
import {
  allowedTypes,
  automaticPaymentMethods,
  checkCustomer,
  checkReturnUrl,
  checkTakesCards,
  methodChoice,
  refuseRemovedParameters,
} from '../intent-rules.js'
import { type PaymentIntentRecord, paymentIntentFor, paymentIntentObject } from '../objects/payment-intent.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import { boolean, integer, mergeMetadata, object, oneOf, readParams, required, text } from '../params.js'
import { confirmIntent, missingMethod } from '../payment-intent-confirmation.js'
import { DETAILS, HOW_TO_CONFIRM, type Named } from '../payment-intent-params.js'
import { checkUsable, findPaymentMethod } from '../payment-methods.js'
import type { Route } from '../route.js'
import { SEARCH_PARAMS, searchPage } from '../search.js'
import type { World } from '../world.js'

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
  payment_method_options: object({
    card: object({ request_three_d_secure: oneOf('any', 'automatic', 'challenge') }),
  }),
} as const satisfies Named<Stripe.PaymentIntentCreateParams>

/** Parameters that mean nothing unless the call also confirms. */
const ONLY_WITH_CONFIRM = [
  'confirmation_token',
  'error_on_requires_action',
  'off_session',
  'return_url',
] as const

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
        requestThreeDSecure: sent.payment_method_options?.card?.request_three_d_secure ?? 'automatic',
        setupFutureUsage: sent.setup_future_usage ?? null,
        statementDescriptorSuffix: sent.statement_descriptor_suffix ?? null,
        isAuthenticated: false,
      }
      world.paymentIntents.set(id, intent)
      world.emit('payment_intent.created', paymentIntentObject(intent))
      if (sent.confirm) confirmIntent(world, intent, { ...sent, payment_method: method?.id })
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
]

/**
 * Finds a PaymentIntent that the path names.
 * @throws ApiError 404 `resource_missing`
 */
export function findPaymentIntent(world: World, id: string): PaymentIntentRecord {
  const intent = world.paymentIntents.get(id)
  if (!intent) throw noSuch('payment_intent', id, 'intent', 404)
  return intent
}

function refuseWithoutConfirm(sent: Partial<Record<(typeof ONLY_WITH_CONFIRM)[number], unknown>>): void {
  const param = ONLY_WITH_CONFIRM.find((name) => sent[name] !== undefined)
  if (param === undefined) return
  throw refusedRequest(
    `The parameter ${param} cannot be passed when creating a PaymentIntent unless confirm is set to true.`,
    { param },
  )
}
