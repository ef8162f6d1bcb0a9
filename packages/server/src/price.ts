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
// A sign or a code before the amount, or a code behind it.
const TEXT = /^(?:([$€£¥])|([a-z]{3}))?\s*(\d{1,12})(?:\.(\d{1,4}))?\s*([a-z]{3})?$/

/**
 * Reads a price into amounts, the preferred currency first.
 *
 * @throws {@link ConfigurationError} naming what is wrong with the price.
 */
export function readAmounts(price: FixedPrice, currency: string): Amount[] {
  if (typeof price !== 'object') return [readAmount(price, currency)]
  const amounts = Object.entries(price ?? {}).map(([code, amount]) => {
    const read = readAmount(amount, code.toLowerCase())
    if (read.currency !== code.toLowerCase())
      throw new ConfigurationError('price', `${JSON.stringify(amount)} is not an amount of ${code}.`)
    return read
  })
  if (amounts.length === 0)
    throw new ConfigurationError('price', 'names no currency; write for example { usd: 100 }.')
  if (amounts.some(({ units }) => units === 0) && amounts.some(({ units }) => units > 0))
    throw new ConfigurationError('price', `${JSON.stringify(price)} is free in one currency only.`)
  return amounts
}

function readAmount(amount: PriceAmount, currency: string): Amount {
  const read = typeof amount === 'number' ? { currency, units: amount } : readText(amount, currency)
  if (!Number.isSafeInteger(read.units) || read.units < 0)
    throw new ConfigurationError(
      'price',
      `${JSON.stringify(amount)} is not a price: use a whole number of units (100 is $0.01) or a text such as '$0.01'.`,
    )
  if (!/^[a-z]{3}$/.test(read.currency))
    throw new ConfigurationError('price', `"${read.currency}" is not an ISO 4217 code.`)
  if (read.units > maximumChargeUnits(read.currency))
    throw new ConfigurationError('price', `${JSON.stringify(amount)} is more than one card charge can cover.`)
  return read
}

function readText(text: unknown, fallback: string): Amount {
  const [, sign = '', before, whole, fraction = '', behind] =
    TEXT.exec(String(text).trim().toLowerCase()) ?? []
  const named = new Set([SIGNS[sign], before, behind].filter((code) => code !== undefined))
  // '$5 eur' says two things.
  if (whole === undefined || named.size > 1) return { currency: fallback, units: Number.NaN }
  const [currency = fallback] = named
  // Text arithmetic: 0.07 * 10000 is not 700 in binary floating point.
  return { currency, units: Number(whole + fraction.padEnd(4, '0')) }
}
