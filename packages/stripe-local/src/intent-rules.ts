import { invalidParameter, noSuch, refusedRequest } from './api-error.js'
import { arrayOf, boolean, object, oneOf, type Read, type Reader, text } from './params.js'
import type { World } from './world.js'

/** Payment method types that an intent may name; the local Stripe can only carry out `card`. */
const KNOWN_TYPES = [
  'card',
  'link',
  'amazon_pay',
  'cashapp',
  'klarna',
  'paypal',
  'revolut_pay',
  'sepa_debit',
  'us_bank_account',
] as const

/** Reads `allowed_payment_method_types`. */
export const allowedTypes: Reader<string[] | undefined> = (value, name) => {
  const types = arrayOf(oneOf(...KNOWN_TYPES))(value, name)
  if (types?.length === 0) throw invalidParameter(`${name} must name at least one type`, { param: name })
  return types
}

/** Reads `automatic_payment_methods`. */
export const automaticPaymentMethods: Reader<Read<typeof AUTOMATIC> | undefined> = (value, name) =>
  object(AUTOMATIC)(value, name)

const AUTOMATIC: {
  enabled: Reader<boolean | undefined>
  allow_redirects: Reader<'always' | 'never' | undefined>
} = {
  enabled: boolean,
  allow_redirects: oneOf('always', 'never'),
}

/** How an intent chooses its payment methods. */
export interface MethodChoice {
  allowedTypes: string[] | null
  automatic: { enabled: boolean; allowRedirects: 'always' | 'never' } | null
}

/** Without a list of types Stripe chooses automatically, redirects included. */
export function methodChoice(
  types: string[] | undefined,
  automatic: Read<typeof AUTOMATIC> | undefined,
): MethodChoice {
  if (automatic !== undefined && automatic.enabled === undefined) {
    throw invalidParameter('Missing required param: automatic_payment_methods[enabled].', {
      code: 'parameter_missing',
      param: 'automatic_payment_methods[enabled]',
    })
  }
  if (automatic?.enabled) {
    return {
      allowedTypes: types ?? null,
      automatic: { enabled: true, allowRedirects: automatic.allow_redirects ?? 'always' },
    }
  }
  return types === undefined
    ? { allowedTypes: null, automatic: { enabled: true, allowRedirects: 'always' } }
    : { allowedTypes: types, automatic: null }
}

/**
 * Refuses the parameter that API 2026-10-28.endive took away.
 * @throws ApiError 400 `payment_method_types_no_longer_supported`
 */
export function refuseRemovedParameters(params: object): void {
  if (!('payment_method_types' in params)) return
  throw invalidParameter(
    'The `payment_method_types` parameter is no longer supported. Use `allowed_payment_method_types`, or `automatic_payment_methods`, instead.',
    { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' },
  )
}

/**
 * Checks that an intent that may redirect knows where to return to.
 * @throws ApiError 400
 */
export function checkReturnUrl(choice: MethodChoice, returnUrl: string | null): void {
  if (choice.automatic?.allowRedirects !== 'always' || returnUrl !== null) return
  throw refusedRequest(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    { param: 'return_url' },
  )
}

/** Checks that a card may pay for this intent. */
export function checkTakesCards(choice: MethodChoice, noun: 'payment' | 'setup'): void {
  if (choice.allowedTypes === null || choice.allowedTypes.includes('card')) return
  throw refusedRequest(
    `The payment method type "card" is not allowed by this intent (${choice.allowedTypes.join(', ')}).`,
    { code: `${noun}_intent_incompatible_payment_method`, param: 'payment_method' },
  )
}

/** Reads an absolute http(s) URL, or an app's. */
export const absoluteUrl: Reader<string | undefined> = (value, name) => {
  const read = text(value, name)
  if (read !== undefined && !URL.canParse(read)) {
    throw invalidParameter('Not a valid URL', { code: 'url_invalid', param: name })
  }
  return read
}

/** Checks that a customer exists. */
export function checkCustomer(world: World, id: string | undefined): void {
  if (id === undefined) return
  const customer = world.customers.get(id)
  if (!customer || customer.isDeleted) throw noSuch('customer', id, 'customer', 400)
}
