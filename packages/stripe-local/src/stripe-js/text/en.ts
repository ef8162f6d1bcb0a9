import type { CardText } from './card-text.js'

/** English. */
export const en: CardText = {
  cardNumber: 'Card number',
  expirationDate: 'Expiration date',
  expirationPlaceholder: 'MM / YY',
  securityCode: 'Security code',
  securityCodePlaceholder: 'CVC',
  country: 'Country',
  zip: 'ZIP',
  postalCode: 'Postal code',
  testMode: 'Test mode',
  connectionError:
    'We are experiencing issues connecting to our payments provider. Please check your internet connection and try again.',
  errors: {
    incomplete_number: 'Your card number is incomplete.',
    invalid_number: 'Your card number is invalid.',
    incomplete_expiry: "Your card's expiration date is incomplete.",
    invalid_expiry_month: "Your card's expiration month is invalid.",
    invalid_expiry_year: "Your card's expiration year is invalid.",
    invalid_expiry_month_past: "Your card's expiration date is in the past.",
    invalid_expiry_year_past: "Your card's expiration year is in the past.",
    incomplete_cvc: "Your card's security code is incomplete.",
    incomplete_zip: 'Your postal code is incomplete.',
  },
}
