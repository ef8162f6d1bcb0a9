/** Stripe's code for what is wrong with a field, as in `error.code` of a `validation_error`. */
export type FieldErrorCode =
  | 'incomplete_number'
  | 'invalid_number'
  | 'incomplete_expiry'
  | 'invalid_expiry_month'
  | 'invalid_expiry_year'
  | 'invalid_expiry_month_past'
  | 'invalid_expiry_year_past'
  | 'incomplete_cvc'
  | 'incomplete_zip'

/** Everything that the card form says, in one language. */
export interface CardText {
  readonly cardNumber: string
  readonly expirationDate: string
  readonly expirationPlaceholder: string
  readonly securityCode: string
  readonly securityCodePlaceholder: string
  readonly country: string
  /** The postal code's label in the United States, and elsewhere. */
  readonly zip: string
  readonly postalCode: string
  readonly testMode: string
  readonly connectionError: string
  readonly errors: Readonly<Record<FieldErrorCode, string>>
}
