import { noSuch, refusedRequest } from '../api-error.js'
import { asSeenBy } from '../browser-view.js'
import { checkClientSecret } from '../client-secret.js'
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
import { type SetupIntentRecord, setupIntentFor, setupIntentObject } from '../objects/setup-intent.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import { boolean, emptyable, mergeMetadata, metadata, oneOf, readParams, text, textUpTo } from '../params.js'
import { checkUsable, findPaymentMethod } from '../payment-methods.js'
import type { Route } from '../route.js'
import { confirmSetup } from '../setup-attempt.js'
import type { World } from '../world.js'
import { redeemConfirmationToken } from './confirmation-tokens.js'

const CONFIRM = {
  confirmation_token: text,
  payment_method: text,
  return_url: absoluteUrl,
  use_stripe_sdk: boolean,
} as const

const CREATE = {
  ...CONFIRM,
  allowed_payment_method_types: allowedTypes,
  automatic_payment_methods: automaticPaymentMethods,
  confirm: boolean,
  customer: text,
  description: textUpTo(1000),
  metadata,
  usage: oneOf('off_session', 'on_session'),
} as const

/** SetupIntents. */
export const setupIntentRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/setup_intents',
    access: 'secret',
    returns: 'setup_intent',
    run(world, call) {
      refuseRemovedParameters(call.params)
      const sent = readParams(CREATE, call.params)
      const choice = methodChoice(sent.allowed_payment_method_types, sent.automatic_payment_methods)
      checkCustomer(world, sent.customer)
      if (sent.confirm) {
        checkReturnUrl(choice, sent.return_url ?? null)
        if (sent.payment_method === undefined && sent.confirmation_token === undefined)
          throw missingMethod('')
      } else if (sent.return_url !== undefined || sent.confirmation_token !== undefined) {
        throw refusedRequest(
          'return_url and confirmation_token cannot be passed unless confirm is set to true.',
        )
      }
      const method = sent.payment_method === undefined ? null : findPaymentMethod(world, sent.payment_method)
      if (method) {
        checkTakesCards(choice, 'setup')
        checkUsable(method, sent.customer ?? null)
      }
      const id = createId('seti')
      const intent: SetupIntentRecord = {
        id,
        clientSecret: `${id}_secret_${randomText(25)}`,
        createdS: world.nowS(),
        status: method ? 'requires_confirmation' : 'requires_payment_method',
        ...choice,
        cancellationReason: null,
        customer: sent.customer ?? null,
        description: sent.description ?? null,
        lastError: null,
        latestAttempt: null,
        metadata: mergeMetadata({}, sent.metadata),
        nextAction: null,
        paymentMethod: method?.id ?? null,
        usage: sent.usage ?? 'off_session',
      }
      world.setupIntents.set(id, intent)
      world.emit('setup_intent.created', setupIntentObject(intent))
      if (sent.confirm) confirm(world, intent, { ...sent, payment_method: method?.id })
      return setupIntentObject(intent)
    },
  },
  {
    method: 'GET',
    path: '/v1/setup_intents/:id',
    access: 'publishable',
    returns: 'setup_intent',
    run(world, call) {
      const sent = readParams({ client_secret: text }, call.params)
      const intent = findSetupIntent(world, call.id)
      checkClientSecret(intent, sent.client_secret, call.viewer, 'SetupIntent')
      return setupIntentFor(intent, call.viewer)
    },
  },
  {
    method: 'GET',
    path: '/v1/setup_intents',
    access: 'secret',
    returns: 'setup_intent',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, customer: text, payment_method: text }, call.params)
      const records = [...world.setupIntents.values()].filter(
        (intent) =>
          (params.customer === undefined || intent.customer === params.customer) &&
          (params.payment_method === undefined || intent.paymentMethod === params.payment_method),
      )
      return listPage({ records, noun: 'setup_intent', params, url: call.path, render: setupIntentObject })
    },
  },
  {
    method: 'POST',
    path: '/v1/setup_intents/:id/confirm',
    access: 'publishable',
    returns: 'setup_intent',
    run(world, { id, params, viewer }) {
      refuseRemovedParameters(params)
      const sent = readParams({ ...CONFIRM, client_secret: text }, params)
      const intent = findSetupIntent(world, id)
      checkClientSecret(intent, sent.client_secret, viewer, 'SetupIntent')
      const shown = {
        intent: () => ({ setup_intent: setupIntentFor(intent, viewer) }),
        lastError: () => intent.lastError,
      }
      asSeenBy(viewer, shown, () => {
        if (intent.status === 'succeeded' || intent.status === 'canceled') {
          throw unexpectedState(
            intent,
            'confirm',
            'requires_payment_method, requires_confirmation, requires_action',
          )
        }
        checkReturnUrl(intent, sent.return_url ?? null)
        confirm(world, intent, sent)
      })
      return setupIntentFor(intent, viewer)
    },
  },
  {
    method: 'POST',
    path: '/v1/setup_intents/:id/cancel',
    access: 'secret',
    returns: 'setup_intent',
    run(world, call) {
      const sent = readParams(
        { cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer') },
        call.params,
      )
      const intent = findSetupIntent(world, call.id)
      if (intent.status === 'succeeded' || intent.status === 'canceled') {
        throw unexpectedState(
          intent,
          'cancel',
          'requires_payment_method, requires_confirmation, requires_action',
        )
      }
      intent.status = 'canceled'
      intent.cancellationReason = sent.cancellation_reason ?? null
      intent.nextAction = null
      world.emit('setup_intent.canceled', setupIntentObject(intent))
      return setupIntentObject(intent)
    },
  },
  {
    method: 'POST',
    path: '/v1/setup_intents/:id',
    access: 'secret',
    returns: 'setup_intent',
    run(world, call) {
      refuseRemovedParameters(call.params)
      const sent = readParams(
        { customer: text, description: textUpTo(1000), metadata: emptyable(metadata), payment_method: text },
        call.params,
      )
      const intent = findSetupIntent(world, call.id)
      const changes = sent.customer !== undefined || sent.payment_method !== undefined
      if (changes && (intent.status === 'succeeded' || intent.status === 'canceled')) {
        throw unexpectedState(
          intent,
          'update',
          'requires_payment_method, requires_confirmation, requires_action',
        )
      }
      checkCustomer(world, sent.customer)
      const customer = sent.customer ?? intent.customer
      const method = sent.payment_method === undefined ? null : findPaymentMethod(world, sent.payment_method)
      if (method) {
        checkUsable(method, customer)
        intent.paymentMethod = method.id
        intent.status = 'requires_confirmation'
        intent.nextAction = null
      }
      intent.customer = customer
      intent.description = sent.description ?? intent.description
      intent.metadata = mergeMetadata(intent.metadata, sent.metadata)
      return setupIntentObject(intent)
    },
  },
]

/**
 * Finds a SetupIntent that the path names.
 * @throws ApiError 404 `resource_missing`
 */
export function findSetupIntent(world: World, id: string): SetupIntentRecord {
  const intent = world.setupIntents.get(id)
  if (!intent) throw noSuch('setupintent', id, 'intent', 404)
  return intent
}

interface Sent {
  confirmation_token?: string | undefined
  payment_method?: string | undefined
  return_url?: string | undefined
  use_stripe_sdk?: boolean | undefined
}

function confirm(world: World, intent: SetupIntentRecord, sent: Sent): void {
  checkTakesCards(intent, 'setup')
  const token =
    sent.confirmation_token === undefined
      ? null
      : redeemConfirmationToken(world, sent.confirmation_token, intent.id)
  const id = token?.paymentMethod.id ?? sent.payment_method ?? intent.paymentMethod
  if (id === null) throw missingMethod(intent.id)
  confirmSetup(world, intent, {
    paymentMethod: findPaymentMethod(world, id),
    returnUrl: sent.return_url ?? token?.returnUrl ?? null,
    usesStripeSdk: sent.use_stripe_sdk ?? false,
  })
}

function missingMethod(id: string): Error {
  return refusedRequest(
    `You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent ${id} with a payment method and then confirm it again.`,
    { code: 'setup_intent_unexpected_state', param: 'payment_method' },
  )
}

function unexpectedState(intent: SetupIntentRecord, verb: string, allowed: string): Error {
  return refusedRequest(
    `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may do so: ${allowed}.`,
    { code: 'setup_intent_unexpected_state', setup_intent: setupIntentObject(intent) },
  )
}
