import { describe, expect, it } from 'vitest'
import { readOwnAmount } from './own-amount.js'

describe('readOwnAmount', () => {
  it.each([
    ['7', 'usd', 70_000],
    ['7.5', 'usd', 75_000],
    ['7,50', 'eur', 75_000],
    ['1,234.50', 'usd', 12_345_000],
    ['1.234,50', 'eur', 12_345_000],
    ['1 234', 'eur', 12_340_000],
    ['1’234.50', 'chf', 12_345_000],
    ['1,234', 'usd', 12_340_000],
    ['$20', 'usd', 200_000],
    ['١٢٫٥', 'usd', 125_000],
    ['500', 'jpy', 5_000_000],
    ['500.5', 'jpy', 5_010_000],
  ])('reads %j in %s as %i units', (text, currency, units) => {
    expect(readOwnAmount(text, currency)).toBe(units)
  })

  it.each(['', ' ', '-5', '0', '5e4', '1..2', 'NaN', '٪', '999999999999'])(
    'takes %j for no amount',
    (text) => {
      expect(readOwnAmount(text, 'usd')).toBeNull()
    },
  )
})
