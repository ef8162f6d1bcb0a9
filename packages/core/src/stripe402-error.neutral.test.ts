import { describe, expect, it } from 'vitest'
import { InvalidAmountError } from './currency.js'
import { ERROR_STATUS, ERROR_TITLE, isErrorCode } from './error-codes.js'
import { isStripe402Error } from './is-stripe402-error.js'
import { Stripe402Error } from './stripe402-error.js'

describe('Stripe402Error', () => {
  it('carries a code, a sentence, its class name and a cause', () => {
    const cause = new Error('socket')
    const error = new Stripe402Error('unavailable', 'The store does not answer.', { cause })
    expect(error).toMatchObject({ code: 'unavailable', message: 'The store does not answer.', cause })
    expect(new InvalidAmountError('x').name).toBe('InvalidAmountError')
  })

  it('keeps its brand out of what a log enumerates', () => {
    expect(Reflect.ownKeys({ ...new Stripe402Error('a', 'b') }).sort()).toEqual(['code', 'name'])
  })
})

describe('isStripe402Error', () => {
  it('recognises an error of another copy of the package', () => {
    const other = Object.assign(new Error('x'), { [Symbol.for('stripe402.error')]: true })
    expect(isStripe402Error(other)).toBe(true)
    expect(isStripe402Error(new InvalidAmountError('x'))).toBe(true)
  })

  it.each([new Error('x'), { code: 'unavailable' }, null, undefined, 'unavailable'])(
    'does not take %o for one',
    (value) => {
      expect(isStripe402Error(value)).toBe(false)
    },
  )
})

describe('isErrorCode', () => {
  it.each(Object.keys(ERROR_STATUS))('knows %s, which has a title', (code) => {
    expect(isErrorCode(code) && ERROR_TITLE[code]).toMatch(/^[A-Z][^.]+$/)
  })

  it.each(['', 'toString', '__proto__', 'CARD_DECLINED'])('does not know %j', (text) => {
    expect(isErrorCode(text)).toBe(false)
  })
})
