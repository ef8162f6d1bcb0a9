import { digitsOf } from './card-number.js'

/** How a billing country writes its postal code, for the countries where a card issuer checks it. */
interface PostalShape {
  readonly complete: RegExp
  readonly format: (text: string) => string
  readonly digitsOnly: boolean
}

const upper = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9 ]/g, '')

const shapes: ReadonlyMap<string, PostalShape> = new Map(
  Object.entries({
    US: { complete: /^\d{5}$/, format: (text) => digitsOf(text).slice(0, 5), digitsOnly: true },
    CA: {
      complete: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/,
      format: (text) => upper(text).slice(0, 7),
      digitsOnly: false,
    },
    GB: {
      complete: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/,
      format: (text) => upper(text).slice(0, 8),
      digitsOnly: false,
    },
  }),
)

/** Whether the form asks for a postal code in this country (ISO 3166-1 alpha-2). */
export function needsPostalCode(country: string): boolean {
  return shapes.has(country)
}

/** Whether this country's postal code is made of digits only, so that a phone shows its number pad. */
export function isPostalCodeNumeric(country: string): boolean {
  return shapes.get(country)?.digitsOnly ?? false
}

/** The postal code as the country writes it; unchanged where the form does not ask. */
export function formatPostalCode(country: string, text: string): string {
  return shapes.get(country)?.format(text) ?? text
}

/** Whether the postal code is whole; always true where the form does not ask. */
export function isPostalCodeComplete(country: string, text: string): boolean {
  return shapes.get(country)?.complete.test(text.trim()) ?? true
}
