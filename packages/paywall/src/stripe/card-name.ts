import { say } from '../localization/say.js'

/** What a person knows a card by, with Stripe's word for the brand. */
export interface NamedCard {
  readonly brand: string
  readonly last4: string
}

/** Names that are more than Stripe's word for the brand with a capital. */
const NAMES: Readonly<Record<string, string>> = { jcb: 'JCB', unionpay: 'UnionPay' }

/** A card in words: “Visa ending 4242”. */
export function cardName({ brand, last4 }: NamedCard): string {
  return say('card-ending', NAMES[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1), last4)
}
