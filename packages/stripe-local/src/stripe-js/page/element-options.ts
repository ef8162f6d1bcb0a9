import { type CardFormSetup, readFormAppearance } from '../wire/card-form-setup.js'
import { isObject, type JsonObject, objectAt, textAt } from '../wire/json.js'
import { describeValue, IntegrationError, warnAboutUnknown } from './integration-error.js'

/** The Elements that this Stripe.js can draw. */
export type ElementType = 'payment' | 'card'

const known: Readonly<Record<ElementType, ReadonlySet<string>>> = {
  payment: new Set([
    ...['defaultValues', 'business', 'paymentMethodOrder', 'fields', 'readOnly', 'terms', 'wallets'],
    ...['walletOptions', 'layout', 'applePay'],
  ]),
  card: new Set([
    ...['classes', 'style', 'value', 'hidePostalCode', 'iconStyle', 'hideIcon', 'disabled', 'disableLink'],
    'preferredNetwork',
  ]),
}

/** Checks the options of `elements.create()` and `element.update()`. @throws IntegrationError unless it is an object. */
export function readElementOptions(type: ElementType, value: unknown, method: string): JsonObject {
  if (value === undefined) return {}
  if (!isObject(value)) {
    throw new IntegrationError(
      `Invalid value for ${method}: options should be an object. You specified: ${describeValue(value)}.`,
    )
  }
  warnAboutUnknown(value, known[type], method)
  return { ...value }
}

/** The part of a card form's setup that the Element's own options decide. */
export type ElementSetup = Pick<
  CardFormSetup,
  | 'appearance'
  | 'hasCountry'
  | 'hasPostalCode'
  | 'hasIcons'
  | 'isReadOnly'
  | 'defaultCountry'
  | 'defaultPostalCode'
>

/** The setup of a Payment Element's form. */
export function paymentSetup(options: JsonObject, appearance: unknown): ElementSetup {
  const never = new Set(neverFields(options))
  const address = objectAt(objectAt(objectAt(options, 'defaultValues'), 'billingDetails'), 'address')
  return {
    appearance: readFormAppearance(appearance),
    hasCountry: !never.has('address.country'),
    hasPostalCode: !never.has('address.postal_code'),
    hasIcons: true,
    isReadOnly: options.readOnly === true,
    defaultCountry: textAt(address, 'country') ?? '',
    defaultPostalCode: textAt(address, 'postal_code') ?? '',
  }
}

/** The setup of a Card Element's line; its `style` option is what the Appearance is to a Payment Element. */
export function cardSetup(options: JsonObject): ElementSetup {
  const style = objectAt(options, 'style')
  const base = objectAt(style, 'base')
  const variables = {
    colorText: textAt(base, 'color'),
    fontFamily: textAt(base, 'fontFamily'),
    fontSizeBase: textAt(base, 'fontSize'),
    colorTextPlaceholder: textAt(objectAt(base, '::placeholder'), 'color'),
    colorDanger: textAt(objectAt(style, 'invalid'), 'color'),
  }
  const given = Object.entries(variables).filter(([, value]) => value !== null)
  return {
    appearance: readFormAppearance({ theme: 'stripe', variables: Object.fromEntries(given) }),
    hasCountry: false,
    hasPostalCode: options.hidePostalCode !== true,
    hasIcons: options.hideIcon !== true,
    isReadOnly: options.disabled === true,
    defaultCountry: '',
    defaultPostalCode: textAt(objectAt(options, 'value'), 'postalCode') ?? '',
  }
}

const billingFields = [
  ['name', 'name'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['address.line1', 'line1'],
  ['address.line2', 'line2'],
  ['address.city', 'city'],
  ['address.state', 'state'],
  ['address.country', 'country'],
  ['address.postal_code', 'postalCode'],
] as const

/** Paths below `billing_details` that the page opted out of with `fields`, and so has to pass itself. */
export function neverFields(options: JsonObject): string[] {
  const billing = objectAt(options, 'fields').billingDetails
  return billingFields.flatMap(([path, name]) => {
    if (billing === 'never') return [path]
    if (!isObject(billing)) return []
    if (!path.startsWith('address.')) return billing[name] === 'never' ? [path] : []
    const { address } = billing
    return address === 'never' || (isObject(address) && address[name] === 'never') ? [path] : []
  })
}
