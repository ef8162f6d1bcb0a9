import { isPostalCodeNumeric } from '../card/postal-code.js'
import { countriesIn } from '../text/countries.js'
import type { Language } from '../text/languages.js'
import { byId } from './dom.js'
import type { Fields } from './fields.js'

/** Writes the form in one language, keeping what the person has typed and chosen. */
export function writeFormText(fields: Fields, { tag, direction, text }: Language): void {
  document.documentElement.lang = tag
  document.documentElement.dir = direction
  byId('number-label', HTMLLabelElement).textContent = text.cardNumber
  byId('expiry-label', HTMLLabelElement).textContent = text.expirationDate
  byId('cvc-label', HTMLLabelElement).textContent = text.securityCode
  byId('country-label', HTMLLabelElement).textContent = text.country
  byId('badge', HTMLElement).textContent = text.testMode
  fields.expiry.placeholder = text.expirationPlaceholder
  fields.cvc.placeholder = text.securityCodePlaceholder
  const chosen = fields.country.value
  fields.country.replaceChildren(
    ...countriesIn(tag).map(({ code, name }) => new Option(name, code, false, code === chosen)),
  )
}

const examples: Readonly<Record<string, string>> = { US: '12345', CA: 'M5T 1T4', GB: 'WS11 1DB' }

/** Names the postal code as the chosen country does; without visible labels, the field itself says what it wants. */
export function writePostalCodeText(
  { country, postalCode }: Fields,
  { text }: Language,
  isLabelled: boolean,
): void {
  const label = country.value === 'US' ? text.zip : text.postalCode
  byId('postalCode-label', HTMLLabelElement).textContent = label
  postalCode.inputMode = isPostalCodeNumeric(country.value) ? 'numeric' : 'text'
  postalCode.placeholder = isLabelled ? (examples[country.value] ?? '') : label
}
