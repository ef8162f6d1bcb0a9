import type { CardText } from './card-text.js'

/** Italian. */
export const it: CardText = {
  cardNumber: 'Numero carta',
  expirationDate: 'Data di scadenza',
  expirationPlaceholder: 'MM / AA',
  securityCode: 'Codice di sicurezza',
  securityCodePlaceholder: 'CVC',
  country: 'Paese',
  zip: 'CAP',
  postalCode: 'Codice postale',
  testMode: 'Modalità di test',
  connectionError:
    'Si sono verificati problemi di connessione con il nostro fornitore di pagamenti. Controlla la connessione a Internet e riprova.',
  errors: {
    incomplete_number: 'Il numero della carta è incompleto.',
    invalid_number: 'Il numero della carta non è valido.',
    incomplete_expiry: 'La data di scadenza della carta è incompleta.',
    invalid_expiry_month: 'Il mese di scadenza della carta non è valido.',
    invalid_expiry_year: 'L’anno di scadenza della carta non è valido.',
    invalid_expiry_month_past: 'La data di scadenza della carta è passata.',
    invalid_expiry_year_past: 'L’anno di scadenza della carta è passato.',
    incomplete_cvc: 'Il codice di sicurezza della carta è incompleto.',
    incomplete_zip: 'Il codice postale è incompleto.',
  },
}
