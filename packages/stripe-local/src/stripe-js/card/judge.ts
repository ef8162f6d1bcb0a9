import type { FieldErrorCode } from '../text/card-text.js'
import { shapeOf } from './brand.js'
import { digitsOf, judgeCardNumber } from './card-number.js'
import { judgeExpiry } from './expiry.js'
import { isPostalCodeComplete } from './postal-code.js'

/** What stands in the form's fields, as shown. */
export interface CardValues {
  readonly number: string
  readonly expiry: string
  readonly cvc: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly postalCode: string
}

/** A field that can be wrong, in the order in which the form shows them. */
export type FieldName = 'number' | 'expiry' | 'cvc' | 'postalCode'

/** The form's fields from first to last. */
export const fieldNames: readonly FieldName[] = ['number', 'expiry', 'cvc', 'postalCode']

/** How to judge: against which day, and whether a postal code is asked for. */
export interface Judgement {
  readonly today: Date
  readonly hasPostalCode: boolean
}

/** What is wrong with each field, and nothing for a field that is right. */
export function judgeCard(
  values: CardValues,
  { today, hasPostalCode }: Judgement,
): Map<FieldName, FieldErrorCode> {
  const errors: [FieldName, FieldErrorCode | null][] = [
    ['number', numberError(values.number)],
    ['expiry', expiryError(values.expiry, today)],
    ['cvc', codeError(values)],
    [
      'postalCode',
      hasPostalCode && !isPostalCodeComplete(values.country, values.postalCode) ? 'incomplete_zip' : null,
    ],
  ]
  return new Map(errors.flatMap(([field, code]) => (code === null ? [] : [[field, code] as const])))
}

function numberError(number: string): FieldErrorCode | null {
  const state = judgeCardNumber(number)
  if (state === 'complete') return null
  return state === 'invalid' ? 'invalid_number' : 'incomplete_number'
}

const expiryErrors = {
  empty: 'incomplete_expiry',
  incomplete: 'incomplete_expiry',
  'invalid-month': 'invalid_expiry_month',
  'invalid-year': 'invalid_expiry_year',
  'past-month': 'invalid_expiry_month_past',
  'past-year': 'invalid_expiry_year_past',
  complete: null,
} as const

function expiryError(expiry: string, today: Date): FieldErrorCode | null {
  return expiryErrors[judgeExpiry(expiry, today)]
}

function codeError({ cvc, number }: CardValues): FieldErrorCode | null {
  const { codeLengths } = shapeOf(digitsOf(number))
  return codeLengths.includes(cvc.length) ? null : 'incomplete_cvc'
}
