import { describe, expect, it } from 'vitest'
import { checkAmount } from './currency-rules.js'

function codeOf(minor: number, currency: string): unknown {
  try {
    checkAmount(minor, currency)
    return 'accepted'
  } catch (error) {
    return error instanceof Error && 'body' in error ? error.body : error
  }
}

describe('checkAmount', () => {
  it.each([
    ['usd', 50],
    ['gbp', 30],
    ['czk', 1500],
    ['huf', 17_500],
    ['jpy', 50],
    ['krw', 50],
    ['aed', 200],
  ])('takes the least charge in %s and nothing below', (currency, minimumMinor) => {
    expect(codeOf(minimumMinor, currency)).toBe('accepted')
    expect(codeOf(minimumMinor - 1, currency)).toMatchObject({ code: 'amount_too_small', param: 'amount' })
  })

  it('takes at most 99999999', () => {
    expect(codeOf(99_999_999, 'usd')).toBe('accepted')
    expect(codeOf(100_000_000, 'usd')).toMatchObject({ code: 'amount_too_large' })
  })

  it.each(['isk', 'ugx'])('wants the last two digits of %s to be 00', (currency) => {
    expect(codeOf(1_000_000, currency)).toBe('accepted')
    expect(codeOf(1_000_050, currency)).toMatchObject({ code: 'invalid_charge_amount' })
  })

  it.each(['bhd', 'jod', 'kwd', 'omr', 'tnd'])('wants the last digit of %s to be 0', (currency) => {
    expect(codeOf(5000, currency)).toBe('accepted')
    expect(codeOf(5001, currency)).toMatchObject({ code: 'invalid_charge_amount' })
  })

  it.each(['xyz', 'USD', 'toString'])('refuses the currency %s', (currency) => {
    expect(codeOf(500, currency)).toMatchObject({ param: 'currency' })
  })
})
