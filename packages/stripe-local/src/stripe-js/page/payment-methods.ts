import { type FormField, formFields } from '../wire/form.js'
import { isObject, type JsonObject, objectAt } from '../wire/json.js'
import { StripeElement } from './element.js'
import { StripeElements } from './elements-group.js'
import { describeValue, IntegrationError, warnAboutUnknown } from './integration-error.js'

/**
 * `stripe.createPaymentMethod({ elements, params })` or `({ type: 'card', card, billing_details, metadata })`.
 * What the card or the network gets wrong comes back as `{ error }`.
 *
 * @throws IntegrationError for what the page got wrong; `elements.submit()` forgotten is the usual one.
 */
export async function createPaymentMethod(options: unknown): Promise<JsonObject> {
  const method = 'createPaymentMethod()'
  if (!isObject(options)) {
    throw new IntegrationError(
      'Please provide either an Element or PaymentMethod creation parameters to createPaymentMethod.',
    )
  }
  return 'elements' in options ? fromElements(options, method) : fromCardElement(options, method)
}

async function fromElements(options: JsonObject, method: string): Promise<JsonObject> {
  warnAboutUnknown(options, new Set(['elements', 'params']), method)
  const { element, options: groupOptions } = StripeElements.takeSubmitted(readGroup(options, method), method)
  if (groupOptions.paymentMethodCreation !== 'manual') {
    throw new IntegrationError(
      "stripe.createPaymentMethod(): create the Elements instance with paymentMethodCreation: 'manual' to make a PaymentMethod from it.",
    )
  }
  const params = objectAt(options, 'params')
  requireNeverFields(element, objectAt(params, 'billing_details'), 'params.billing_details', method)
  return named('paymentMethod', await ask(element, 'create-payment-method', formFields(params)))
}

async function fromCardElement(options: JsonObject, method: string): Promise<JsonObject> {
  const { type, card, ...others } = options
  warnAboutUnknown(
    others,
    new Set(['billing_details', 'metadata', 'allow_redisplay', 'payment_method']),
    method,
  )
  if (type !== 'card') {
    throw new IntegrationError(
      `Invalid value for ${method}: type should be one of the following strings: card. You specified: ${describeValue(type)}.`,
    )
  }
  if (!(card instanceof StripeElement) || !StripeElement.isMounted(card, 'card')) {
    throw new IntegrationError(
      `Invalid value for ${method}: card should be a mounted Card Element. You specified: ${describeValue(card)}.`,
    )
  }
  return named('paymentMethod', await ask(card, 'create-payment-method', formFields(others)))
}

/**
 * `stripe.createConfirmationToken({ elements, params })`.
 *
 * @throws IntegrationError for what the page got wrong.
 */
export async function createConfirmationToken(options: unknown): Promise<JsonObject> {
  const method = 'createConfirmationToken()'
  if (!isObject(options)) {
    throw new IntegrationError(
      `Invalid value for ${method}: options should be an object. You specified: ${describeValue(options)}.`,
    )
  }
  warnAboutUnknown(options, new Set(['elements', 'params']), method)
  const { element } = StripeElements.takeSubmitted(readGroup(options, method), method)
  const params = objectAt(options, 'params')
  const billing = objectAt(objectAt(params, 'payment_method_data'), 'billing_details')
  requireNeverFields(element, billing, 'params.payment_method_data.billing_details', method)
  return named('confirmationToken', await ask(element, 'create-confirmation-token', formFields(params)))
}

function readGroup({ elements }: JsonObject, method: string): StripeElements {
  if (elements instanceof StripeElements) return elements
  throw new IntegrationError(
    `Invalid value for stripe.${method}: elements should be an Elements instance. You specified: ${describeValue(elements)}.`,
  )
}

function requireNeverFields(element: StripeElement, billing: JsonObject, at: string, method: string): void {
  for (const path of StripeElement.neverFields(element)) {
    const [head = '', tail] = path.split('.')
    const value = tail === undefined ? billing[head] : objectAt(billing, head)[tail]
    if (value !== undefined) continue
    throw new IntegrationError(
      `You specified "never" for fields.billing_details.${path} when creating the payment Element, but did not pass ${at}.${path} when calling stripe.${method}. If you opt out of collecting data via the payment Element using the fields option, the data must be passed in when calling stripe.${method}.`,
    )
  }
}

function ask(element: StripeElement, action: string, fields: readonly FormField[]): Promise<JsonObject> {
  return StripeElement.request(element, action, fields)
}

function named(name: string, result: JsonObject): JsonObject {
  return 'error' in result ? { error: result.error } : { [name]: result.object }
}
