import { CURRENCY } from './patterns.js'
import { Stripe402Error } from './stripe402-error.js'

/** Units per major currency unit: 1 unit = $0.0001. */
export const UNITS_PER_MAJOR = 10_000
/** Stripe refuses amounts of more than eight digits in its minor unit. */
const MAX_MINOR = 99_999_999

// https://docs.stripe.com/currencies#zero-decimal
const ZERO_DECIMAL = words('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf')
// https://docs.stripe.com/currencies#three-decimal : the last digit must be 0.
const THREE_DECIMAL = words('bhd jod kwd omr tnd')
// https://docs.stripe.com/currencies#special-cases : two decimals on the wire, which must be 00.
const WHOLE_ONLY = words('isk ugx')

/** An amount or currency that cannot be expressed. */
export class InvalidAmountError extends Stripe402Error<'invalid_amount'> {
  constructor(message: string) {
    super('invalid_amount', message)
  }
}

/** How many units one step of Stripe's minor unit is worth: 100 for USD (a cent), 10,000 for JPY (a yen). */
function unitsPerMinor(currency: string): number {
  requireCode(currency)
  if (ZERO_DECIMAL.has(currency)) return 10_000
  return THREE_DECIMAL.has(currency) ? 10 : 100
}

/** 'JPY' would miss every table below and be charged a hundredfold, so it is refused, not guessed. */
export function requireCode(currency: string): string {
  if (!CURRENCY.test(currency))
    throw new InvalidAmountError(
      `${JSON.stringify(currency)} is not a currency: use a lower-case ISO 4217 code such as "usd".`,
    )
  return currency
}

/** The granularity, in minor units, in which Stripe takes an amount. */
function minorStep(currency: string): number {
  if (WHOLE_ONLY.has(currency)) return 100
  return THREE_DECIMAL.has(currency) ? 10 : 1
}

/**
 * Units as an amount that Stripe can charge in its minor unit, rounded up.
 *
 * @throws {@link InvalidAmountError} for anything but a safe integer of at least 0 that makes at most eight minor digits.
 * @example
 * ```ts
 * unitsToMinor(50_001, 'usd') // 501 cents
 * unitsToMinor(50_001, 'jpy') // 6 yen
 * ```
 */
export function unitsToMinor(units: number, currency: string): number {
  if (!Number.isSafeInteger(units) || units < 0)
    throw new InvalidAmountError(`${units} is not an amount: use a whole number of units, at least 0.`)
  const step = minorStep(currency)
  const minor = Math.ceil(units / (unitsPerMinor(currency) * step)) * step
  if (minor > MAX_MINOR)
    throw new InvalidAmountError(`${units} units of ${currency} are more than Stripe can charge at once.`)
  return minor
}

/**
 * Stripe's minor unit as units, exactly. May be negative, as a refund is.
 *
 * @throws {@link InvalidAmountError} when either amount is not a safe integer.
 */
export function minorToUnits(minor: number, currency: string): number {
  const units = minor * unitsPerMinor(currency)
  if (!Number.isSafeInteger(minor) || !Number.isSafeInteger(units))
    throw new InvalidAmountError(`${minor} is not an amount in the minor unit of ${currency}.`)
  return units
}

/** The units that a top-up of `units` really buys: what is charged is what is credited. */
export function chargeableUnits(units: number, currency: string): number {
  return minorToUnits(unitsToMinor(units, currency), currency)
}

/** The largest single charge in units. */
export function maximumChargeUnits(currency: string): number {
  const step = minorStep(currency)
  return minorToUnits(Math.floor(MAX_MINOR / step) * step, currency)
}

/** Units in cents, rounded up to the next cent. For two-decimal currencies; see {@link unitsToMinor} for all. */
export function unitsToCents(units: number): number {
  return Math.ceil(units / 100)
}

/** Units as a plain decimal number of dollars: `"0.05"`, `"5"`. */
export function unitsToDollars(units: number): string {
  return (units / UNITS_PER_MAJOR).toFixed(4).replace(/\.?0+$/, '')
}

/**
 * Units as a person reads them, such as `$5.00`, `$0.0005` or `¥50`.
 *
 * Shows as many digits as the currency usually has, and up to four where the amount is finer. Where a language writes
 * from the right, the amount is isolated: its sign keeps its place whatever stands around it.
 */
export function formatUnits(units: number, currency: string, locale?: string | string[]): string {
  const style = { style: 'currency', currency: currency.toUpperCase() } as const
  const usual = new Intl.NumberFormat(locale, style).resolvedOptions().maximumFractionDigits ?? 2
  const fits = Number.isInteger((units * 10 ** usual) / UNITS_PER_MAJOR)
  const text = new Intl.NumberFormat(locale, {
    ...style,
    maximumFractionDigits: fits ? usual : Math.max(usual, 4),
  }).format(units / UNITS_PER_MAJOR)
  // The mark before it, alone, has a “US$” read as “$US”: it is U+200F, and what isolates is U+2066 to U+2069.
  return text.replace(/^\u200f(.*)/, '\u2066$1\u2069')
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
