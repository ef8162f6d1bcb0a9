import { noSuch, refusedRequest } from '../api-error.js'
import { createId } from '../ids.js'
import { absoluteUrl } from '../intent-rules.js'
import type { PaymentMethodRecord } from '../objects/payment-method.js'
import { noBillingDetails } from '../objects/payment-method.js'
import { type ConfirmationTokenRecord, confirmationTokenObject } from '../objects/token.js'
import { object, oneOf, readParams, required, text } from '../params.js'
import { addPaymentMethod, findPaymentMethod } from '../payment-methods.js'
import type { Route } from '../route.js'
import type { World } from '../world.js'
import { billingDetailsOf, CARD_PARAMS, readCard } from './payment-methods.js'

const LIFETIME_S = 12 * 60 * 60

const USAGE = oneOf('off_session', 'on_session')

/** Confirmation tokens: single use, twelve hours. */
export const confirmationTokenRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/confirmation_tokens',
    access: 'publishable',
    returns: 'confirmation_token',
    run(world, call) {
      const sent = readParams(
        {
          payment_method_data: required(object(CARD_PARAMS)),
          return_url: absoluteUrl,
          setup_future_usage: USAGE,
        },
        call.params,
      )
      const card = readCard(world, sent.payment_method_data.card, call.viewer)
      const record = addToken(world, {
        card,
        customer: null,
        billingDetails: billingDetailsOf(sent.payment_method_data.billing_details),
        returnUrl: sent.return_url ?? null,
        setupFutureUsage: sent.setup_future_usage ?? null,
      })
      return confirmationTokenObject(record, call.viewer)
    },
  },
  {
    method: 'POST',
    path: '/v1/test_helpers/confirmation_tokens',
    access: 'secret',
    returns: 'confirmation_token',
    run(world, call) {
      const sent = readParams(
        { payment_method: required(text), return_url: absoluteUrl, setup_future_usage: USAGE },
        call.params,
      )
      const method = findPaymentMethod(world, sent.payment_method)
      const record = addToken(world, {
        card: method.card,
        customer: method.customer,
        billingDetails: noBillingDetails(),
        returnUrl: sent.return_url ?? null,
        setupFutureUsage: sent.setup_future_usage ?? null,
      })
      return confirmationTokenObject(record, 'secret')
    },
  },
  {
    method: 'GET',
    path: '/v1/confirmation_tokens/:id',
    access: 'secret',
    returns: 'confirmation_token',
    run(world, call) {
      readParams({}, call.params)
      const record = world.confirmationTokens.get(call.id)
      if (!record || record.expiresAtS <= world.nowS())
        throw noSuch('confirmationtoken', call.id, 'confirmation_token', 404)
      return confirmationTokenObject(record, 'secret')
    },
  },
]

/** What a redeemed token brings to a confirmation. */
export interface RedeemedToken {
  paymentMethod: PaymentMethodRecord
  returnUrl: string | null
  setupFutureUsage: 'off_session' | 'on_session' | null
}

/**
 * Uses a token up for an intent.
 * @throws ApiError 400 when there is no such token, it has expired, or it was used
 */
export function redeemConfirmationToken(world: World, id: string, intentId: string): RedeemedToken {
  const record = world.confirmationTokens.get(id)
  if (!record) throw noSuch('confirmationtoken', id, 'confirmation_token', 400)
  if (record.expiresAtS <= world.nowS()) {
    throw refusedRequest(`The provided confirmation_token (${id}) has expired.`, {
      param: 'confirmation_token',
    })
  }
  if (record.paymentIntent !== null || record.setupIntent !== null) {
    throw refusedRequest(
      `The provided confirmation_token (${id}) has already been used to confirm an intent.`,
      {
        param: 'confirmation_token',
      },
    )
  }
  if (intentId.startsWith('pi_')) record.paymentIntent = intentId
  else record.setupIntent = intentId
  const { returnUrl, setupFutureUsage, billingDetails } = record
  return {
    paymentMethod: addPaymentMethod(world, record.card, { billingDetails }),
    returnUrl,
    setupFutureUsage,
  }
}

type TokenDetails = Pick<
  ConfirmationTokenRecord,
  'card' | 'customer' | 'billingDetails' | 'returnUrl' | 'setupFutureUsage'
>

function addToken(world: World, details: TokenDetails): ConfirmationTokenRecord {
  const record: ConfirmationTokenRecord = {
    id: createId('ctoken'),
    createdS: world.nowS(),
    expiresAtS: world.nowS() + LIFETIME_S,
    account: world.account,
    paymentIntent: null,
    setupIntent: null,
    ...details,
  }
  world.confirmationTokens.set(record.id, record)
  return record
}
