import { describe, expect, it } from 'vitest'
import { describeDecline } from './decline.js'

describe('describeDecline', () => {
  it.each([
    ['expired_card', 'check_details'],
    ['incorrect_cvc', 'check_details'],
    ['insufficient_funds', 'use_another_card'],
    ['processing_error', 'try_again'],
    ['authentication_failed', 'try_again'],
    ['amount_too_small', 'use_another_card'],
  ])('says what to do about %s: %s', (code, advice) => {
    const decline = describeDecline(code)
    expect(decline).toMatchObject({ code, advice })
    expect(decline.message).toContain('Nothing was charged')
  })

  // https://docs.stripe.com/declines/codes
  it.each(['lost_card', 'stolen_card', 'fraudulent', 'merchant_blacklist', 'pickup_card'])(
    'never tells of %s',
    (code) => {
      expect(describeDecline(code)).toEqual(describeDecline('generic_decline'))
      expect(JSON.stringify(describeDecline(code))).not.toContain(code)
    },
  )

  it.each([undefined, 'a_code_of_tomorrow', 'constructor', '__proto__'])(
    'has one sentence for %s',
    (code) => {
      expect(describeDecline(code)).toEqual({
        code: 'generic_decline',
        advice: 'use_another_card',
        message: expect.stringContaining('declined'),
      })
    },
  )
})
