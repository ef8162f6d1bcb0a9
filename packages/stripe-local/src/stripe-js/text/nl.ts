import type { CardText } from './card-text.js'

/** Dutch. */
export const nl: CardText = {
  cardNumber: 'Kaartnummer',
  expirationDate: 'Vervaldatum',
  expirationPlaceholder: 'MM / JJ',
  securityCode: 'Beveiligingscode',
  securityCodePlaceholder: 'CVC',
  country: 'Land',
  zip: 'Postcode',
  postalCode: 'Postcode',
  testMode: 'Testmodus',
  connectionError:
    'We hebben problemen met de verbinding met onze betaalprovider. Controleer je internetverbinding en probeer het opnieuw.',
  errors: {
    incomplete_number: 'Je kaartnummer is onvolledig.',
    invalid_number: 'Je kaartnummer is ongeldig.',
    incomplete_expiry: 'De vervaldatum van je kaart is onvolledig.',
    invalid_expiry_month: 'De vervalmaand van je kaart is ongeldig.',
    invalid_expiry_year: 'Het vervaljaar van je kaart is ongeldig.',
    invalid_expiry_month_past: 'De vervaldatum van je kaart ligt in het verleden.',
    invalid_expiry_year_past: 'Het vervaljaar van je kaart ligt in het verleden.',
    incomplete_cvc: 'De beveiligingscode van je kaart is onvolledig.',
    incomplete_zip: 'Je postcode is onvolledig.',
  },
}
