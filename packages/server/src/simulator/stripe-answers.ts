import Stripe from 'stripe'

/** The objects that the engine reads, by the name that Stripe gives them. */
export interface ObjectOf {
  payment_intent: Stripe.PaymentIntent
  payment_method: Stripe.PaymentMethod
  customer: Stripe.Customer
  setup_intent: Stripe.SetupIntent
  confirmation_token: Stripe.ConfirmationToken
  refund: Stripe.Refund
  dispute: Stripe.Dispute
}

/**
 * The object in an answer.
 *
 * @throws TypeError when it is another one.
 */
export function objectIn<Name extends keyof ObjectOf>(body: object, name: Name): ObjectOf[Name] {
  if (isObject(body, name)) return body
  throw new TypeError(`no ${name}: ${JSON.stringify(body)}`)
}

/** The objects of a page of a list. */
export function pageIn(body: object): { data: object[]; hasMore: boolean } {
  if ('data' in body && Array.isArray(body.data) && 'has_more' in body)
    return { data: body.data, hasMore: body.has_more === true }
  throw new TypeError(`no list: ${JSON.stringify(body)}`)
}

/** The error that the library makes of an answer other than 200. */
export function errorOf(status: number, body: object): Error {
  if ('error' in body && isRawError(body.error))
    return Stripe.errors.StripeError.generate({ ...body.error, statusCode: status })
  throw new TypeError(`Stripe answered without an error: ${JSON.stringify(body)}`)
}

/** The library's error for a call without an answer, or for Stripe's refusal to say. */
export function brokenCall(status?: 409 | 429 | 500): Error {
  const { StripeConnectionError, StripeError } = Stripe.errors
  if (status === undefined) return new StripeConnectionError({ message: 'no answer', type: 'api_error' })
  const type = status === 500 ? 'api_error' : status === 409 ? 'idempotency_error' : 'invalid_request_error'
  return StripeError.generate({ type, message: `HTTP ${status}`, statusCode: status })
}

function isObject<Name extends keyof ObjectOf>(body: object, name: Name): body is ObjectOf[Name] {
  return 'object' in body && body.object === name
}

function isRawError(value: unknown): value is Stripe.StripeRawError {
  return typeof value === 'object' && value !== null && 'type' in value
}
