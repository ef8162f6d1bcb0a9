import { brandOf, shapeOf } from '../card/brand.js'
import { digitsOf, formatCardNumber } from '../card/card-number.js'
import { caretAfterFormatting } from '../card/caret.js'
import { formatExpiry, formatExpiryAfterDeletion } from '../card/expiry.js'
import type { CardValues } from '../card/judge.js'
import { formatPostalCode } from '../card/postal-code.js'
import { byId } from './dom.js'

/** The form's controls. */
export interface Fields {
  readonly number: HTMLInputElement
  readonly expiry: HTMLInputElement
  readonly cvc: HTMLInputElement
  readonly country: HTMLSelectElement
  readonly postalCode: HTMLInputElement
}

/** Finds the form's controls. */
export function findFields(): Fields {
  return {
    number: byId('number', HTMLInputElement),
    expiry: byId('expiry', HTMLInputElement),
    cvc: byId('cvc', HTMLInputElement),
    country: byId('country', HTMLSelectElement),
    postalCode: byId('postalCode', HTMLInputElement),
  }
}

/** What stands in the controls. */
export function valuesOf({ number, expiry, cvc, country, postalCode }: Fields): CardValues {
  return {
    number: number.value,
    expiry: expiry.value,
    cvc: cvc.value,
    country: country.value,
    postalCode: postalCode.value,
  }
}

/** Brings what was just typed into its shape, and the caret to where it was in the digits. */
export function tidyField(fields: Fields, edited: EventTarget | null, isDeletion: boolean): void {
  const { number, expiry, cvc, country, postalCode } = fields
  if (edited === number) rewrite(number, formatCardNumber(number.value))
  if (edited === expiry) {
    rewrite(expiry, isDeletion ? formatExpiryAfterDeletion(expiry.value) : formatExpiry(expiry.value))
  }
  if (edited === cvc) {
    const longest = Math.max(...shapeOf(digitsOf(number.value)).codeLengths)
    rewrite(cvc, digitsOf(cvc.value).slice(0, longest))
  }
  if (edited === postalCode) rewrite(postalCode, formatPostalCode(country.value, postalCode.value))
  showBrand(fields)
}

/** Shows the network of the number, and on which side of the card its code is printed. */
export function showBrand({ number }: Fields): void {
  const brand = brandOf(digitsOf(number.value))
  if (!number.form) return
  number.form.dataset.brand = brand
  number.form.dataset.codeSide = brand === 'amex' ? 'front' : 'back'
}

function rewrite(input: HTMLInputElement, value: string): void {
  if (input.value === value) return
  const before = input.value
  const caret = input.selectionStart ?? before.length
  input.value = value
  const place = caretAfterFormatting(before, caret, value)
  // Setting a selection in a field that does not have the focus would take it, in Safari.
  if (document.activeElement === input) input.setSelectionRange(place, place)
}
