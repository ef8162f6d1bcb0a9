import { beforeAll, describe, expect, it } from 'vitest'
import { loadLanguage } from '../localization/load-locale.js'
import { speak } from '../localization/say.js'
import { problemText } from './problem-text.js'

const declined = (code: string): string => problemText({ kind: 'declined', code })

beforeAll(async () => speak(await loadLanguage('en')))

describe('problemText', () => {
  it('names the next step for a card without money', () => {
    expect(declined('insufficient_funds')).toMatch(/another card or a smaller amount/)
  })

  it.each([
    ['expired_card', /expired/],
    ['invalid_expiry_year', /expired/],
    ['incorrect_cvc', /security code/],
    ['invalid_number', /number/],
    ['card_velocity_exceeded', /limit/],
    ['withdrawal_count_limit_exceeded', /limit/],
    ['incorrect_zip', /postal code/],
    ['card_not_supported', /another/],
  ])('says what is wrong where the holder can do something about it: %s', (code, words) => {
    expect(declined(code)).toMatch(words)
    expect(declined(code)).not.toBe(declined('generic_decline'))
  })

  it('says that nothing was charged', () => {
    expect(declined('generic_decline')).toMatch(/^Nothing was charged\. /)
  })

  it.each([
    'rate-limited',
    'amount-refused',
    'frozen',
    'seller-at-fault',
    'unavailable',
    'unpayable',
    'other-problem',
  ] as const)('says so of everything that ends a payment: %s', (kind) => {
    expect(problemText({ kind })).toMatch(/nothing was charged/i)
  })

  it('says so of a card that Stripe itself refuses, before its own words', () => {
    expect(problemText({ kind: 'card', message: 'Your card was declined.' })).toBe(
      'Nothing was charged. Your card was declined.',
    )
  })

  it.each([
    'lost_card',
    'stolen_card',
    'fraudulent',
    'merchant_blacklist',
    'pickup_card',
    'pin_try_exceeded',
    'constructor',
  ])('tells a payer nothing about %s', (code) => {
    expect(declined(code)).toBe(declined('generic_decline'))
  })
})
