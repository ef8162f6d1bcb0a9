import { formatUnits } from '@stripe402/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SOURCE_LOCALE, TARGET_LOCALES } from '../localization/locale.js'
import { type AmountStyle, amountStyle, readOwnAmount } from './read-own-amount.js'

/** How a currency is written in a language. */
function styleOf(currency: string, locale: string): AmountStyle {
  return amountStyle((units) => formatUnits(units, currency, locale))
}
const dollars = styleOf('usd', 'en')

describe('readOwnAmount', () => {
  it.each([
    ['7', 70_000],
    ['7.5', 75_000],
    ['7,50', 75_000],
    ['1,234.50', 12_345_000],
    ['1.234,50', 12_345_000],
    ['1 234', 12_340_000],
    ['1’234.50', 12_345_000],
    ['1,234', 12_340_000],
    ['1,234,567', 12_345_670_000],
    ['12,34,567', 12_345_670_000],
    ['1,234.567', 12_345_670],
    ['$20', 200_000],
    ['US$ 20', 200_000],
    ['20 USD', 200_000],
    ['١٢٫٥', 125_000],
    ['۵۰۰', 5_000_000],
    ['５０．５', 505_000],
  ])('reads %j as %i units', (text, units) => {
    expect(readOwnAmount(text, dollars)).toBe(units)
  })

  it.each(['-5', '5e4', '1..2', '1.2.3', '1,234.567,89', '5 - 7', 'NaN', '٪', '999999999999'])(
    'takes %j for no amount',
    (text) => {
      expect(readOwnAmount(text, dollars)).toBeNull()
    },
  )

  it.each([
    ['7.50', [70_000, 70_000, 75_000, 75_000]],
    ['.75', [0, 7_000, 7_500]],
    ['0,75', [0, 0, 7_000, 7_500]],
    ['$1,2', [0, 10_000, 10_000, 12_000]],
  ])('takes no beginning of %j for a mistake', (text, read) => {
    const typed = Array.from(text, (_, index) => text.slice(0, index + 1))
    expect(typed.map((begun) => readOwnAmount(begun, dollars))).toEqual(read)
    expect(readOwnAmount(' ', dollars)).toBe(0)
  })

  it.each([
    ['kwd', 'en', '2.500', 25_000],
    ['kwd', 'en', '2,500', 25_000],
    ['kwd', 'de', '2.500', 25_000],
    ['kwd', 'ar', '٢٫٥٠٠', 25_000],
    ['kwd', 'en', '1,234.500', 12_345_000],
    ['usd', 'en', '2.500', 25_000],
    ['usd', 'en', '0,500', 5_000],
    ['usd', 'en', '1234,567', 12_345_670],
    ['eur', 'de', '2.500', 25_000_000],
    ['eur', 'de', '2,500', 25_000],
    ['jpy', 'en', '2,500', 25_000_000],
    ['jpy', 'de', '2.500', 25_000_000],
  ])('reads, in %s and %s, %j as %i units', (currency, locale, text, units) => {
    expect(readOwnAmount(text, styleOf(currency, locale))).toBe(units)
  })

  it('reads every amount that is shown, in every language, as itself', () => {
    const locale = fc.constantFrom(SOURCE_LOCALE, ...TARGET_LOCALES, 'de-CH', 'pt-PT', 'en-IN', 'ar-EG')
    const currency = fc.constantFrom('usd', 'eur', 'pln', 'jpy', 'ugx', 'bhd', 'jod', 'kwd', 'omr', 'tnd')
    const units = fc.oneof(fc.nat(10_000_000), fc.nat(1_000_000_000_000))
    fc.assert(
      fc.property(locale, currency, units, (language, code, amount) => {
        const shown = formatUnits(amount, code, language)
        expect([shown, readOwnAmount(shown, styleOf(code, language))]).toEqual([shown, amount])
      }),
      { numRuns: 2_000 },
    )
  })
})
