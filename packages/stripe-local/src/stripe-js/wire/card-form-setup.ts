import { isObject, objectAt, textAt, textsIn } from './json.js'

/** The look of the form, already reduced to strings. */
export interface FormAppearance {
  readonly theme: 'stripe' | 'night' | 'flat'
  readonly variables: Readonly<Record<string, string>>
  readonly rules: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** What the page tells a card form about itself; never anything about a card. */
export interface CardFormSetup {
  /** `payment`: labelled fields below each other. `card`: one unlabelled line. */
  readonly variant: 'payment' | 'card'
  readonly publishableKey: string
  readonly apiOrigin: string
  /** The wanted locales, most wanted first. */
  readonly locales: readonly string[]
  readonly appearance: FormAppearance
  readonly hasCountry: boolean
  readonly hasPostalCode: boolean
  readonly hasIcons: boolean
  readonly isReadOnly: boolean
  /** Values to begin with; empty strings where the page has none. */
  readonly defaultCountry: string
  readonly defaultPostalCode: string
}

/** Reads a setup message. `null` when it is not one. */
export function readCardFormSetup(value: unknown): CardFormSetup | null {
  if (!isObject(value)) return null
  const variant = value.variant
  const publishableKey = textAt(value, 'publishableKey')
  const apiOrigin = textAt(value, 'apiOrigin')
  if ((variant !== 'payment' && variant !== 'card') || publishableKey === null || apiOrigin === null)
    return null
  return {
    variant,
    publishableKey,
    apiOrigin,
    locales: Array.isArray(value.locales) ? value.locales.filter((locale) => typeof locale === 'string') : [],
    appearance: readFormAppearance(value.appearance),
    hasCountry: value.hasCountry === true,
    hasPostalCode: value.hasPostalCode === true,
    hasIcons: value.hasIcons !== false,
    isReadOnly: value.isReadOnly === true,
    defaultCountry: textAt(value, 'defaultCountry') ?? '',
    defaultPostalCode: textAt(value, 'defaultPostalCode') ?? '',
  }
}

/** Reads an Appearance object, dropping what is not a string; an unknown theme is `stripe`. */
export function readFormAppearance(value: unknown): FormAppearance {
  const appearance = isObject(value) ? value : {}
  const { theme } = appearance
  const rules = Object.entries(objectAt(appearance, 'rules')).map(([selector, rule]) => [
    selector,
    textsIn(rule),
  ])
  return {
    theme: theme === 'night' || theme === 'flat' ? theme : 'stripe',
    variables: textsIn(appearance.variables),
    rules: Object.fromEntries(rules),
  }
}
