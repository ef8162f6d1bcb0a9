import type { CardText } from './card-text.js'

/** French. */
export const fr: CardText = {
  cardNumber: 'Numéro de carte',
  expirationDate: 'Date d’expiration',
  expirationPlaceholder: 'MM / AA',
  securityCode: 'Code de sécurité',
  securityCodePlaceholder: 'CVC',
  country: 'Pays',
  zip: 'Code postal',
  postalCode: 'Code postal',
  testMode: 'Mode test',
  connectionError:
    'Nous avons des difficultés à nous connecter à notre prestataire de paiement. Vérifiez votre connexion Internet et réessayez.',
  errors: {
    incomplete_number: 'Le numéro de votre carte est incomplet.',
    invalid_number: 'Le numéro de votre carte n’est pas valide.',
    incomplete_expiry: 'La date d’expiration de votre carte est incomplète.',
    invalid_expiry_month: 'Le mois d’expiration de votre carte n’est pas valide.',
    invalid_expiry_year: 'L’année d’expiration de votre carte n’est pas valide.',
    invalid_expiry_month_past: 'La date d’expiration de votre carte est passée.',
    invalid_expiry_year_past: 'L’année d’expiration de votre carte est passée.',
    incomplete_cvc: 'Le code de sécurité de votre carte est incomplet.',
    incomplete_zip: 'Votre code postal est incomplet.',
  },
}
