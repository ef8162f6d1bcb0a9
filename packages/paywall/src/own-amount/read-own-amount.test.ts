import { describe, expect, it } from 'vitest'
import { readOwnAmount } from './read-own-amount.js'

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
    ['$20', 200_000],
    ['١٢٫٥', 125_000],
    ['۵۰۰', 5_000_000],
    ['５０．５', 505_000],
  ])('reads %j as %i units', (text, units) => {
    expect(readOwnAmount(text)).toBe(units)
  })

  it.each(['', ' ', '-5', '0', '5e4', '1..2', 'NaN', '٪', '999999999999'])(
    'takes %j for no amount',
    (text) => {
      expect(readOwnAmount(text)).toBeNull()
    },
  )
})
