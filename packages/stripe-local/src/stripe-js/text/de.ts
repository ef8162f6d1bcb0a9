import type { CardText } from './card-text.js'

/** German. */
export const de: CardText = {
  cardNumber: 'Kartennummer',
  expirationDate: 'Ablaufdatum',
  expirationPlaceholder: 'MM / JJ',
  securityCode: 'Sicherheitscode',
  securityCodePlaceholder: 'CVC',
  country: 'Land',
  zip: 'Postleitzahl',
  postalCode: 'Postleitzahl',
  testMode: 'Testmodus',
  connectionError:
    'Die Verbindung zu unserem Zahlungsanbieter ist gestört. Bitte prüfen Sie Ihre Internetverbindung und versuchen Sie es erneut.',
  errors: {
    incomplete_number: 'Ihre Kartennummer ist unvollständig.',
    invalid_number: 'Ihre Kartennummer ist ungültig.',
    incomplete_expiry: 'Das Ablaufdatum Ihrer Karte ist unvollständig.',
    invalid_expiry_month: 'Der Ablaufmonat Ihrer Karte ist ungültig.',
    invalid_expiry_year: 'Das Ablaufjahr Ihrer Karte ist ungültig.',
    invalid_expiry_month_past: 'Das Ablaufdatum Ihrer Karte liegt in der Vergangenheit.',
    invalid_expiry_year_past: 'Das Ablaufjahr Ihrer Karte liegt in der Vergangenheit.',
    incomplete_cvc: 'Der Sicherheitscode Ihrer Karte ist unvollständig.',
    incomplete_zip: 'Ihre Postleitzahl ist unvollständig.',
  },
}
