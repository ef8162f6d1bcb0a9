import type { CardText } from './card-text.js'

/** Polish. */
export const pl: CardText = {
  cardNumber: 'Numer karty',
  expirationDate: 'Data ważności',
  expirationPlaceholder: 'MM / RR',
  securityCode: 'Kod zabezpieczający',
  securityCodePlaceholder: 'CVC',
  country: 'Kraj',
  zip: 'Kod pocztowy',
  postalCode: 'Kod pocztowy',
  testMode: 'Tryb testowy',
  connectionError:
    'Występują problemy z połączeniem z naszym dostawcą płatności. Sprawdź połączenie z Internetem i spróbuj ponownie.',
  errors: {
    incomplete_number: 'Numer karty jest niekompletny.',
    invalid_number: 'Numer karty jest nieprawidłowy.',
    incomplete_expiry: 'Data ważności karty jest niekompletna.',
    invalid_expiry_month: 'Miesiąc ważności karty jest nieprawidłowy.',
    invalid_expiry_year: 'Rok ważności karty jest nieprawidłowy.',
    invalid_expiry_month_past: 'Data ważności karty już minęła.',
    invalid_expiry_year_past: 'Rok ważności karty już minął.',
    incomplete_cvc: 'Kod zabezpieczający karty jest niekompletny.',
    incomplete_zip: 'Kod pocztowy jest niekompletny.',
  },
}
