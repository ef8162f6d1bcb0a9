import { maximumChargeUnits } from '@stripe402/core'
import { ConfigurationError } from './configuration-error.js'
import type { PaidRequest } from './paid-request.js'

/** An amount in units, or text with a currency sign or code: `100`, `'$0.01'`, `'0.09 eur'`. */
export type PriceAmount = number | string

/** A price in one currency, or one in each of several, the preferred first. 0 is free. */
export type FixedPrice = PriceAmount | Readonly<Record<string, PriceAmount>>

/** A fixed price, or one decided per request. */
export type Price = FixedPrice | ((request: PaidRequest) => FixedPrice | Promise<FixedPrice>)

/** A price in one currency. */
export interface Amount {
  /** Lower-case ISO 4217. */
  currency: string
  units: number
}

const SIGNS: Readonly<Record<string, string>> = { $: 'usd', '€': 'eur', '£': 'gbp', '¥': 'jpy' }
const DECIMAL = /^(\d{1,12})(?:\.(\d{1,4}))?$/

/**
 * Reads a price into amounts, the preferred currency first.
 *
 * @throws {@link ConfigurationError} naming what is wrong with the price.
 */
export function readAmounts(price: FixedPrice, currency: string): Amount[] {
  if (typeof price !== 'object') return [readAmount(price, currency)]
  const amounts = Object.entries(price).map(([code, amount]) => {
    const read = readAmount(amount, code.toLowerCase())
    if (read.currency !== code.toLowerCase())
      throw new ConfigurationError('price', `${JSON.stringify(amount)} is not an amount of ${code}.`)
    return read
  })
  if (amounts.length === 0)
    throw new ConfigurationError('price', 'names no currency; write for example { usd: 100 }.')
  return amounts
}

function readAmount(amount: PriceAmount, currency: string): Amount {
  const read = typeof amount === 'number' ? { currency, units: amount } : readText(amount, currency)
  if (!Number.isSafeInteger(read.units) || read.units < 0)
    throw new ConfigurationError(
      'price',
      `${JSON.stringify(amount)} is not a price: use a whole number of units (100 is $0.01) or a text such as '$0.01'.`,
    )
  if (read.units > maximumChargeUnits(read.currency))
    throw new ConfigurationError('price', `${JSON.stringify(amount)} is more than one card charge can cover.`)
  return read
}

function readText(text: string, fallback: string): Amount {
  const sign = SIGNS[text.charAt(0)]
  const code = /^[a-z]{3}\b|\b[a-z]{3}$/i.exec(text)?.[0].toLowerCase()
  const digits = text.replace(/^[$€£¥]|[a-z]{3}\s*$|^[a-z]{3}\s*/gi, '').trim()
  const [, whole, fraction = ''] = DECIMAL.exec(digits) ?? []
  if (whole === undefined) return { currency: fallback, units: Number.NaN }
  // Text arithmetic: 0.07 * 10000 is not 700 in binary floating point.
  return { currency: sign ?? code ?? fallback, units: Number(whole + fraction.padEnd(4, '0')) }
}
