import type { CardText } from './card-text.js'

/** Portuguese. */
export const pt: CardText = {
  cardNumber: 'Número do cartão',
  expirationDate: 'Data de validade',
  expirationPlaceholder: 'MM / AA',
  securityCode: 'Código de segurança',
  securityCodePlaceholder: 'CVC',
  country: 'País',
  zip: 'Código postal',
  postalCode: 'Código postal',
  testMode: 'Modo de teste',
  connectionError:
    'Há problemas na ligação ao nosso processador de pagamentos. Verifique a sua ligação à Internet e tente novamente.',
  errors: {
    incomplete_number: 'O número do cartão está incompleto.',
    invalid_number: 'O número do cartão é inválido.',
    incomplete_expiry: 'A data de validade do cartão está incompleta.',
    invalid_expiry_month: 'O mês de validade do cartão é inválido.',
    invalid_expiry_year: 'O ano de validade do cartão é inválido.',
    invalid_expiry_month_past: 'A data de validade do cartão já passou.',
    invalid_expiry_year_past: 'O ano de validade do cartão já passou.',
    incomplete_cvc: 'O código de segurança do cartão está incompleto.',
    incomplete_zip: 'O código postal está incompleto.',
  },
}
