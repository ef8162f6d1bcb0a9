import { describe, expect, it } from 'vitest'
import { type CardValues, judgeCard } from './judge.js'

const today = new Date(2026, 10, 22)
const good: CardValues = {
  number: '4242 4242 4242 4242',
  expiry: '12 / 34',
  cvc: '123',
  country: 'US',
  postalCode: '94110',
}

function errorsOf(values: Partial<CardValues>, hasPostalCode = true): Record<string, string> {
  return Object.fromEntries(judgeCard({ ...good, ...values }, { today, hasPostalCode }))
}

describe('judgeCard', () => {
  it('finds nothing wrong with a good card', () => expect(errorsOf({})).toEqual({}))

  it('names every empty field', () => {
    expect(errorsOf({ number: '', expiry: '', cvc: '', postalCode: '' })).toEqual({
      number: 'incomplete_number',
      expiry: 'incomplete_expiry',
      cvc: 'incomplete_cvc',
      postalCode: 'incomplete_zip',
    })
  })

  const table: readonly [Partial<CardValues>, Record<string, string>][] = [
    [{ number: '4242 4242 4242 4241' }, { number: 'invalid_number' }],
    [{ expiry: '13 / 34' }, { expiry: 'invalid_expiry_month' }],
    [{ expiry: '01 / 20' }, { expiry: 'invalid_expiry_year_past' }],
    [{ expiry: '10 / 26' }, { expiry: 'invalid_expiry_month_past' }],
    [{ expiry: '12 / 99' }, { expiry: 'invalid_expiry_year' }],
    [{ cvc: '12' }, { cvc: 'incomplete_cvc' }],
    [{ cvc: '1234' }, { cvc: 'incomplete_cvc' }],
    [{ number: '3782 822463 10005', cvc: '1234' }, {}],
    [{ number: '3782 822463 10005', cvc: '123' }, {}],
    [{ postalCode: '941' }, { postalCode: 'incomplete_zip' }],
    [{ country: 'CA', postalCode: 'M5T 1T4' }, {}],
    [{ country: 'CA', postalCode: 'M5T' }, { postalCode: 'incomplete_zip' }],
    [{ country: 'GB', postalCode: 'WS11 1DB' }, {}],
    [{ country: 'DE', postalCode: '' }, {}],
  ]
  for (const [values, errors] of table) {
    it(`answers ${JSON.stringify(errors)} to ${JSON.stringify(values)}`, () => {
      expect(errorsOf(values)).toEqual(errors)
    })
  }

  it('does not judge a postal code that the form does not ask for', () => {
    expect(errorsOf({ postalCode: '' }, false)).toEqual({})
  })
})
