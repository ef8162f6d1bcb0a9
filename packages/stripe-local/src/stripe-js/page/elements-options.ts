import { isObject, type JsonObject } from '../wire/json.js'
import { describeValue, IntegrationError, warnAboutUnknown } from './integration-error.js'

const modes = ['payment', 'setup', 'subscription']

const known = new Set([
  ...['allowedPaymentMethodTypes', 'amount', 'appearance', 'captureMethod', 'capture_method', 'clientSecret'],
  ...['currency', 'customPaymentMethods', 'customerOptions', 'customerSessionClientSecret', 'developerTools'],
  ...['excludedPaymentMethodTypes', 'externalPaymentMethodTypes', 'fonts', 'loader', 'locale', 'mode'],
  ...[
    'onBehalfOf',
    'on_behalf_of',
    'paymentMethodConfiguration',
    'paymentMethodCreation',
    'paymentMethodOptions',
  ],
  ...['payment_method_configuration', 'payment_method_options', 'setupFutureUsage', 'setup_future_usage'],
])

const removedInEndive = ['paymentMethodTypes', 'payment_method_types']

/**
 * Checks the options of `stripe.elements()`, or those of `elements.update()` merged into the `current` ones.
 *
 * @throws IntegrationError for what endive removed and for values that Stripe refuses.
 */
export function readElementsOptions(value: unknown, method: string, current: JsonObject = {}): JsonObject {
  if (value === undefined) return current
  if (!isObject(value)) {
    throw new IntegrationError(
      `Invalid value for ${method}: options should be an object. You specified: ${describeValue(value)}.`,
    )
  }
  const removed = removedInEndive.find((option) => option in value)
  if (removed) {
    throw new IntegrationError(
      `Invalid value for ${method}: ${removed} is no longer supported. Use allowedPaymentMethodTypes instead.`,
    )
  }
  warnAboutUnknown(value, known, method)
  const merged = { ...current, ...value }
  checkIntent(merged, method)
  checkPaymentMethods(merged, method)
  checkLook(merged, method)
  return merged
}

function checkIntent({ mode, clientSecret, amount, currency }: JsonObject, method: string): void {
  if (clientSecret !== undefined) {
    refuseUnless(
      typeof clientSecret === 'string' && /^(pi|seti)_\w+_secret_\w+$/.test(clientSecret),
      `Invalid value for ${method}: clientSecret should be a client secret of the form \${id}_secret_\${secret}. You specified: ${describeValue(clientSecret)}.`,
    )
    refuseUnless(
      mode === undefined,
      `Invalid value for ${method}: mode cannot be used together with clientSecret.`,
    )
    return
  }
  if (mode === undefined) return
  refuseUnless(
    typeof mode === 'string' && modes.includes(mode),
    `Invalid value for ${method}: mode should be one of the following strings: ${modes.join(', ')}. You specified: ${describeValue(mode)}.`,
  )
  if (mode !== 'setup' || amount !== undefined) checkAmount(amount, mode === 'payment' ? 1 : 0, method)
  if (mode !== 'setup' || currency !== undefined) checkCurrency(currency, method)
}

function checkAmount(amount: unknown, least: number, method: string): void {
  refuseUnless(
    typeof amount === 'number' && Number.isInteger(amount) && amount >= least && amount <= 99_999_999,
    `Invalid value for ${method}: amount should be ${least > 0 ? 'an integer greater than 0' : 'an integer of at least 0'}, in the currency's smallest unit. You specified: ${describeValue(amount)}.`,
  )
}

function checkCurrency(currency: unknown, method: string): void {
  refuseUnless(
    typeof currency === 'string' &&
      /^[a-z]{3}$/.test(currency) &&
      Intl.supportedValuesOf('currency').includes(currency.toUpperCase()),
    `Invalid value for ${method}: currency should be a three-letter ISO currency code in lowercase. You specified: ${describeValue(currency)}.`,
  )
}

function checkPaymentMethods(
  { paymentMethodCreation, allowedPaymentMethodTypes }: JsonObject,
  method: string,
): void {
  refuseUnless(
    paymentMethodCreation === undefined || paymentMethodCreation === 'manual',
    `Invalid value for ${method}: paymentMethodCreation should be one of the following strings: manual. You specified: ${describeValue(paymentMethodCreation)}.`,
  )
  if (allowedPaymentMethodTypes === undefined) return
  refuseUnless(
    Array.isArray(allowedPaymentMethodTypes) &&
      allowedPaymentMethodTypes.length > 0 &&
      allowedPaymentMethodTypes.every((type) => typeof type === 'string'),
    `Invalid value for ${method}: allowedPaymentMethodTypes should be a non-empty array of strings. You specified: ${describeValue(allowedPaymentMethodTypes)}.`,
  )
}

function checkLook({ locale, appearance }: JsonObject, method: string): void {
  refuseUnless(
    locale === undefined || typeof locale === 'string',
    `Invalid value for ${method}: locale should be a string. You specified: ${describeValue(locale)}.`,
  )
  refuseUnless(
    appearance === undefined || isObject(appearance),
    `Invalid value for ${method}: appearance should be an object. You specified: ${describeValue(appearance)}.`,
  )
  const theme = isObject(appearance) ? appearance.theme : undefined
  if (theme !== undefined && theme !== 'stripe' && theme !== 'night' && theme !== 'flat') {
    console.warn(
      `${method}: appearance.theme should be stripe, night or flat. You specified: ${describeValue(theme)}.`,
    )
  }
}

function refuseUnless(condition: boolean, message: string): void {
  if (!condition) throw new IntegrationError(message)
}
