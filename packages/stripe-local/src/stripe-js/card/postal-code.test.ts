import { describe, expect, it } from 'vitest'
import { formatPostalCode, isPostalCodeComplete, needsPostalCode } from './postal-code.js'

describe('needsPostalCode', () => {
  it('is true where issuers check it', () => {
    expect(['US', 'CA', 'GB', 'DE', 'JP'].filter(needsPostalCode)).toEqual(['US', 'CA', 'GB'])
  })

  it('is not confused by names that every object has', () => {
    expect(needsPostalCode('constructor')).toBe(false)
  })
})

describe('formatPostalCode', () => {
  it('keeps five digits in the United States', () =>
    expect(formatPostalCode('US', '94110-1234')).toBe('94110'))
  it('writes letters large in Canada', () => expect(formatPostalCode('CA', 'm5t 1t4')).toBe('M5T 1T4'))
  it('leaves other countries alone', () => expect(formatPostalCode('DE', '10115 ')).toBe('10115 '))
})

describe('isPostalCodeComplete', () => {
  it('knows the short and the long forms of Great Britain', () => {
    expect(
      ['M1 1AE', 'B338TH', 'EC1A 1BB', 'WS11 1DB'].every((code) => isPostalCodeComplete('GB', code)),
    ).toBe(true)
    expect(isPostalCodeComplete('GB', 'WS11')).toBe(false)
  })
})
