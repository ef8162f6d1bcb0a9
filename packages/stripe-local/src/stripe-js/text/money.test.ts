import { describe, expect, it } from 'vitest'
import { formatMinor } from './money.js'

describe('formatMinor', () => {
  const table = [
    [500, 'usd', '$5.00'],
    [500, 'jpy', '¥500'],
    [5000, 'kwd', 'KWD 5.000'],
    [50000, 'isk', 'ISK 500.00'],
  ] as const
  for (const [minor, currency, text] of table) {
    it(`writes ${minor} ${currency} as ${text}`, () => {
      expect(formatMinor(minor, currency, 'en').replace('\u00a0', ' ')).toBe(text)
    })
  }
})
