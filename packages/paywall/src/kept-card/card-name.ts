import type { SavedCard } from '@stripe402/client'
import { say } from '../localization/say.js'

/** Names that are more than Stripe's word for the brand with a capital. */
const NAMES: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
}

/** What the button says that charges a kept card: “Visa ending 4242 · Pay $5.00”. */
export function payLabel(card: SavedCard, pay: string): string {
  return `${cardName(card)} · ${pay}`
}

/** A kept card in words: “Visa ending 4242”. */
export function cardName({ brand, last4 }: SavedCard): string {
  return say('card-ending', NAMES[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1), last4)
}
