import { digitsOf } from '../card/card-number.js'
import { parseExpiry } from '../card/expiry.js'
import type { CardValues } from '../card/judge.js'
import { type ApiAccess, type ApiOutcome, callApi } from '../wire/api.js'
import { type FormField, isFormFields, nestFields } from '../wire/form.js'

/** What a card becomes at Stripe. */
export type CardAction = 'create-payment-method' | 'create-confirmation-token'

/** A card to send, and where to. */
export interface CardToSend {
  readonly access: ApiAccess
  readonly action: CardAction
  readonly values: CardValues
  readonly hasCountry: boolean
  readonly hasPostalCode: boolean
  /** Form fields that the page adds; they win over the form's. */
  readonly params: unknown
}

/** Sends the card to Stripe: the only place that a card number leaves the form for. */
export function sendCard(card: CardToSend): Promise<ApiOutcome> {
  const added = isFormFields(card.params) ? card.params : []
  const isToken = card.action === 'create-confirmation-token'
  const own = isToken ? nestFields(cardFields(card), 'payment_method_data') : cardFields(card)
  return callApi(card.access, {
    method: 'POST',
    path: isToken ? '/v1/confirmation_tokens' : '/v1/payment_methods',
    fields: [...new Map([...own, ...added])],
  })
}

function cardFields({ values, hasCountry, hasPostalCode }: CardToSend): FormField[] {
  const expiry = parseExpiry(values.expiry)
  return [
    ['type', 'card'],
    ['card[number]', digitsOf(values.number)],
    ['card[exp_month]', String(expiry?.month ?? '')],
    ['card[exp_year]', String(expiry?.year ?? '')],
    ['card[cvc]', values.cvc],
    ...(hasCountry ? [['billing_details[address][country]', values.country] as const] : []),
    ...(hasPostalCode ? [['billing_details[address][postal_code]', values.postalCode] as const] : []),
  ]
}
