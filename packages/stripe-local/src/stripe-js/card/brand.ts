/** A card network, by the name Stripe gives it in `change` events; `unknown` until the digits decide. */
export type CardBrand =
  | 'visa'
  | 'mastercard'
  | 'amex'
  | 'discover'
  | 'diners'
  | 'jcb'
  | 'unionpay'
  | 'unknown'

/** What a network's numbers look like: their lengths, where the spaces go, and how long the code on the card is. */
export interface BrandShape {
  readonly brand: CardBrand
  /** Lengths that a complete number may have, shortest first. */
  readonly lengths: readonly number[]
  /** Sizes of the groups between the spaces. */
  readonly groups: readonly number[]
  /** Lengths that a complete security code may have. Amex takes the printed four digits or the three on the back. */
  readonly codeLengths: readonly number[]
}

const fours = [4, 4, 4, 4] as const
const unknown: BrandShape = { brand: 'unknown', lengths: [16], groups: fours, codeLengths: [3, 4] }

const ranges: readonly { readonly prefix: RegExp; readonly shape: BrandShape }[] = [
  { prefix: /^4/, shape: { brand: 'visa', lengths: [16], groups: fours, codeLengths: [3] } },
  {
    prefix: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/,
    shape: { brand: 'mastercard', lengths: [16], groups: fours, codeLengths: [3] },
  },
  { prefix: /^3[47]/, shape: { brand: 'amex', lengths: [15], groups: [4, 6, 5], codeLengths: [3, 4] } },
  {
    prefix: /^3(0[0-5]|095|[689])/,
    shape: { brand: 'diners', lengths: [14, 16], groups: [4, 6, 4], codeLengths: [3] },
  },
  { prefix: /^35(2[89]|[3-8])/, shape: { brand: 'jcb', lengths: [16], groups: fours, codeLengths: [3] } },
  {
    prefix: /^(6011|65|64[4-9])/,
    shape: { brand: 'discover', lengths: [16], groups: fours, codeLengths: [3] },
  },
  {
    prefix: /^(62|81)/,
    shape: { brand: 'unionpay', lengths: [16, 17, 18, 19], groups: [4, 4, 4, 4, 3], codeLengths: [3] },
  },
]

/** The shape of the network that the leading digits belong to. */
export function shapeOf(digits: string): BrandShape {
  return ranges.find(({ prefix }) => prefix.test(digits))?.shape ?? unknown
}

/** The network that the leading digits belong to. */
export function brandOf(digits: string): CardBrand {
  return shapeOf(digits).brand
}
