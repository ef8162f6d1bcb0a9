import type { CardText } from './card-text.js'

/** Spanish. */
export const es: CardText = {
  cardNumber: 'Número de tarjeta',
  expirationDate: 'Fecha de vencimiento',
  expirationPlaceholder: 'MM / AA',
  securityCode: 'Código de seguridad',
  securityCodePlaceholder: 'CVC',
  country: 'País',
  zip: 'Código postal',
  postalCode: 'Código postal',
  testMode: 'Modo de prueba',
  connectionError:
    'Tenemos problemas para conectar con nuestro proveedor de pagos. Comprueba tu conexión a internet e inténtalo de nuevo.',
  errors: {
    incomplete_number: 'El número de tu tarjeta está incompleto.',
    invalid_number: 'El número de tu tarjeta no es válido.',
    incomplete_expiry: 'La fecha de vencimiento de tu tarjeta está incompleta.',
    invalid_expiry_month: 'El mes de vencimiento de tu tarjeta no es válido.',
    invalid_expiry_year: 'El año de vencimiento de tu tarjeta no es válido.',
    invalid_expiry_month_past: 'La fecha de vencimiento de tu tarjeta ya pasó.',
    invalid_expiry_year_past: 'El año de vencimiento de tu tarjeta ya pasó.',
    incomplete_cvc: 'El código de seguridad de tu tarjeta está incompleto.',
    incomplete_zip: 'Tu código postal está incompleto.',
  },
}
