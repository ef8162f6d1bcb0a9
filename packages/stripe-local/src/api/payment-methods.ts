import type Stripe from 'stripe'
import { ApiError, invalidParameter, noSuch, refusedRequest } from '../api-error.js'
import { cardOfName, checkedCard, type VaultedCard, vaultCard } from '../card-number.js'
import { testCardByName } from '../cards.js'
import { askIssuer } from '../issuer.js'
import {
  fullPaymentMethod,
  type PaymentMethodRecord,
  paymentMethodObject,
  type Viewer,
} from '../objects/payment-method.js'
import { LIST_PARAMS, listPage } from '../pagination.js'
import {
  emptyable,
  integer,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  type Reader,
  readParams,
  required,
  text,
  textUpTo,
} from '../params.js'
import { addPaymentMethod, attachTo, findPaymentMethod } from '../payment-methods.js'
import type { Route } from '../route.js'
import type { World } from '../world.js'

type CardShape = {
  number: Reader<string | undefined>
  exp_month: Reader<number | undefined>
  exp_year: Reader<number | undefined>
  cvc: Reader<string | undefined>
  token: Reader<string | undefined>
}

const CARD: CardShape = {
  number: textUpTo(40),
  exp_month: integer(-1, 9999),
  exp_year: integer(0, 9999),
  cvc: textUpTo(10),
  token: text,
}

type BillingShape = {
  address: Reader<{ [Name in keyof Stripe.Address]: string | null | undefined } | undefined>
  email: Reader<string | null | undefined>
  name: Reader<string | null | undefined>
  phone: Reader<string | null | undefined>
}

const line = emptyable(textUpTo(500))
const BILLING: BillingShape = {
  address: object({ city: line, country: line, line1: line, line2: line, postal_code: line, state: line }),
  email: line,
  name: line,
  phone: line,
}

const allowRedisplay: Reader<'always' | 'limited' | 'unspecified' | undefined> = oneOf(
  'always',
  'limited',
  'unspecified',
)

/** The parameters that describe a new card. */
export const CARD_PARAMS: {
  type: Reader<'card'>
  card: Reader<Values<CardShape>>
  billing_details: Reader<Values<BillingShape> | undefined>
  allow_redisplay: Reader<'always' | 'limited' | 'unspecified' | undefined>
} = {
  type: required(oneOf('card')),
  card: required(object(CARD)),
  billing_details: object(BILLING),
  allow_redisplay: allowRedisplay,
}

type Values<S> = { [Name in keyof S]: S[Name] extends Reader<infer T> ? T : never }

/** PaymentMethods. */
export const paymentMethodRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payment_methods',
    access: 'publishable',
    returns: 'payment_method',
    run(world, call) {
      const sent = readParams({ ...CARD_PARAMS, metadata }, call.params)
      const record = addPaymentMethod(world, readCard(world, sent.card, call.viewer), {
        allowRedisplay: sent.allow_redisplay ?? 'unspecified',
        billingDetails: billingDetailsOf(sent.billing_details),
        metadata: mergeMetadata({}, sent.metadata),
      })
      return paymentMethodObject(record, call.viewer)
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_methods/:id',
    access: 'secret',
    returns: 'payment_method',
    run(world, call) {
      readParams({}, call.params)
      return fullPaymentMethod(findPaymentMethod(world, call.id, 404))
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id',
    access: 'secret',
    returns: 'payment_method',
    run(world, call) {
      const sent = readParams(
        { metadata: emptyable(metadata), allow_redisplay: allowRedisplay, billing_details: object(BILLING) },
        call.params,
      )
      const record = findPaymentMethod(world, call.id, 404)
      if (record.customer === null) {
        throw refusedRequest('You must save this PaymentMethod to a customer before you can update it.')
      }
      record.metadata = mergeMetadata(record.metadata, sent.metadata)
      record.allowRedisplay = sent.allow_redisplay ?? record.allowRedisplay
      if (sent.billing_details)
        record.billingDetails = billingDetailsOf(sent.billing_details, record.billingDetails)
      world.emit('payment_method.updated', fullPaymentMethod(record))
      return fullPaymentMethod(record)
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id/attach',
    access: 'secret',
    returns: 'payment_method',
    run(world, call) {
      const sent = readParams({ customer: required(text) }, call.params)
      const customer = world.customers.get(sent.customer)
      if (!customer || customer.isDeleted) throw noSuch('customer', sent.customer, 'customer', 400)
      return fullPaymentMethod(addAttached(world, call.id, customer.id, 404))
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id/detach',
    access: 'secret',
    returns: 'payment_method',
    run(world, call) {
      readParams({}, call.params)
      const record = findPaymentMethod(world, call.id, 404)
      if (record.customer === null) {
        throw refusedRequest(
          'The payment method you provided is not attached to a customer so detachment is impossible.',
          {
            param: 'payment_method',
          },
        )
      }
      const previous = { customer: record.customer }
      record.customer = null
      record.isUsedUp = true
      world.emit('payment_method.detached', fullPaymentMethod(record), previous)
      return fullPaymentMethod(record)
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_methods',
    access: 'secret',
    returns: 'payment_method',
    isList: true,
    run(world, call) {
      const params = readParams(
        { ...LIST_PARAMS, customer: required(text), type: oneOf('card') },
        call.params,
      )
      return attachedPage(world, params, call.path)
    },
  },
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    access: 'secret',
    returns: 'payment_method',
    isList: true,
    run(world, call) {
      const params = readParams({ ...LIST_PARAMS, type: oneOf('card') }, call.params)
      return attachedPage(world, { ...params, customer: call.id }, call.path)
    },
  },
]

/**
 * Attaches a PaymentMethod after asking the issuer.
 * @throws ApiError 402 when the issuer declines, 400 when it is used up or attached already
 */
export function addAttached(
  world: World,
  id: string,
  customer: string,
  status: 400 | 404,
): PaymentMethodRecord {
  const record = findPaymentMethod(world, id, status)
  if (record.isUsedUp) {
    throw refusedRequest(
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
    )
  }
  if (record.customer !== null && record.customer !== customer) {
    throw refusedRequest('The payment method you provided has already been attached to a customer.')
  }
  const { testCard } = record.card
  const answer = askIssuer({
    testCard,
    purpose: 'attach',
    isOffSession: false,
    isAuthenticated: false,
    isSetUp: false,
  })
  record.card = checkedCard(record.card)
  if (answer.kind === 'declined') {
    const { code, message, declineCode } = answer.decline
    throw new ApiError(402, {
      type: 'card_error',
      code,
      message,
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
    })
  }
  if (record.customer === null) attachTo(world, record, customer)
  return record
}

/**
 * Puts sent card details, or the card of a token, into the vault.
 * @throws ApiError 402 for a number, expiry or CVC that cannot be; 400 for a used token or a raw number under a secret key
 */
export function readCard(world: World, sent: Values<CardShape>, viewer: Viewer): VaultedCard {
  if (sent.token !== undefined) return cardOfToken(world, sent.token)
  if (sent.number === undefined) throw missing('card[number]')
  if (sent.exp_month === undefined) throw missing('card[exp_month]')
  if (sent.exp_year === undefined) throw missing('card[exp_year]')
  if (viewer === 'secret') {
    // Stripe refuses raw numbers from accounts that have not asked for them: a server must never hold one.
    throw refusedRequest(
      'Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing. To enable testing raw card data APIs, use a publishable key.',
      {},
      402,
    )
  }
  const { number, exp_month: expMonth, exp_year: expYear, cvc } = sent
  return vaultCard({ number, expMonth, expYear, cvc }, world.nowMs())
}

/** Fills in what was sent about the payer. */
export function billingDetailsOf(
  sent: Values<BillingShape> | undefined,
  present?: Stripe.PaymentMethod.BillingDetails,
): Stripe.PaymentMethod.BillingDetails {
  const pick = (value: string | null | undefined, kept: string | null | undefined): string | null =>
    value === undefined ? (kept ?? null) : value
  return {
    address: {
      city: pick(sent?.address?.city, present?.address?.city),
      country: pick(sent?.address?.country, present?.address?.country),
      line1: pick(sent?.address?.line1, present?.address?.line1),
      line2: pick(sent?.address?.line2, present?.address?.line2),
      postal_code: pick(sent?.address?.postal_code, present?.address?.postal_code),
      state: pick(sent?.address?.state, present?.address?.state),
    },
    email: pick(sent?.email, present?.email),
    name: pick(sent?.name, present?.name),
    phone: pick(sent?.phone, present?.phone),
    tax_id: null,
  }
}

function cardOfToken(world: World, id: string): VaultedCard {
  const testCard = testCardByName(id)
  if (testCard && id.startsWith('tok_')) return cardOfName(testCard, world.nowMs())
  const token = world.tokens.get(id)
  if (!token) throw noSuch('token', id, 'card[token]', 400)
  if (token.isUsed) {
    throw refusedRequest(`You cannot use a Stripe token more than once: ${id}.`, {
      code: 'token_already_used',
      param: 'card[token]',
    })
  }
  token.isUsed = true
  return token.card
}

function missing(param: string): ApiError {
  return invalidParameter(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

function attachedPage(
  world: World,
  params: Parameters<typeof listPage>[0]['params'] & { customer: string },
  url: string,
): object {
  const customer = world.customers.get(params.customer)
  if (!customer) throw noSuch('customer', params.customer, 'customer', 400)
  const records = [...world.paymentMethods.values()].filter((record) => record.customer === customer.id)
  return listPage({ records, noun: 'PaymentMethod', params, url, render: fullPaymentMethod })
}
