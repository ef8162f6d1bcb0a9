import { describe, expect, it } from 'vitest'
import { formatExpiry, formatExpiryAfterDeletion, judgeExpiry, parseExpiry } from './expiry.js'

const november2026 = new Date(2026, 10, 22)

describe('formatExpiry', () => {
  const table = [
    ['', ''],
    ['0', '0'],
    ['1', '1'],
    ['2', '02 / '],
    ['12', '12 / '],
    ['13', '01 / 3'],
    ['05', '05 / '],
    ['1/', '01 / '],
    ['1/2', '01 / 2'],
    ['5/27', '05 / 27'],
    ['0527', '05 / 27'],
    ['05/2027', '05 / 27'],
    ['052027', '05 / 27'],
    ['05-27', '05 / 27'],
    ['05 / 279', '05 / 27'],
    ['05 / 20', '05 / 20'],
    ['００２７', '00 / 27'],
  ] as const
  for (const [typed, shown] of table) {
    it(`shows "${typed}" as "${shown}"`, () => expect(formatExpiry(typed)).toBe(shown))
  }
})

describe('formatExpiryAfterDeletion', () => {
  it('takes the separator away together with a digit', () => {
    expect(formatExpiryAfterDeletion('05 /')).toBe('0')
    expect(formatExpiryAfterDeletion('05 / ')).toBe('0')
  })

  it('keeps what is left of the year', () => {
    expect(formatExpiryAfterDeletion('05 / 2')).toBe('05 / 2')
  })

  it('lets a month be deleted to nothing', () => {
    expect(formatExpiryAfterDeletion('0')).toBe('0')
    expect(formatExpiryAfterDeletion('')).toBe('')
  })
})

describe('judgeExpiry', () => {
  const table = [
    ['', 'empty'],
    ['1', 'incomplete'],
    ['05 / ', 'incomplete'],
    ['05 / 2', 'incomplete'],
    ['00 / 27', 'invalid-month'],
    ['05 / 20', 'past-year'],
    ['10 / 26', 'past-month'],
    ['11 / 26', 'complete'],
    ['12 / 34', 'complete'],
    ['01 / 77', 'invalid-year'],
    ['01 / 76', 'complete'],
  ] as const
  for (const [text, state] of table) {
    it(`calls "${text}" ${state} in November 2026`, () => expect(judgeExpiry(text, november2026)).toBe(state))
  }
})

describe('parseExpiry', () => {
  it('reads a formatted date with a four-digit year', () => {
    expect(parseExpiry('05 / 27')).toEqual({ month: 5, year: 2027 })
  })

  it('reads nothing from a date that cannot be', () => {
    expect(parseExpiry('13 / 27')).toBeNull()
    expect(parseExpiry('05 / 2')).toBeNull()
  })
})
