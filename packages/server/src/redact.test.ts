import { encodeHeader } from '@stripe402/core'
import { describe, expect, it } from 'vitest'
import { describeFault, redact } from './redact.js'

const CLIENT = 'ab'.repeat(32)

describe('redact', () => {
  it.each([
    ['a PaymentMethod', 'No such PaymentMethod: pm_1PabcDEF', 'pm_1PabcDEF'],
    ['a Customer', 'No such customer: cus_Abc123', 'cus_Abc123'],
    ['a client secret', 'pi_3Pabc_secret_DEF', 'secret_DEF'],
    ['a key', 'Invalid API Key provided: sk_test_4eC39HqLyjWDarjtT1zdp7dc', '4eC39HqLyjWDarjtT1zdp7dc'],
    ['a webhook secret', 'whsec_abcdef', 'whsec_abcdef'],
    ['a header value', `payment: ${encodeHeader({ stripe402Version: 1, clientId: CLIENT })}`, 'eyJzdHJ'],
    ['a client id', `account ${CLIENT}:usd`, CLIENT],
    ['a session', `v1.k1d.${CLIENT}.usd.1.thumb.50000.1767226200.mac-mac_mac`, 'mac-mac_mac'],
    ['a proof', 'eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJodG0iOiJHRVQifQ.c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
    ['a password', 'connect redis://user:pa55word@10.0.0.1:6379', 'pa55word'],
    ['a card number', 'card 4242 4242 4242 4242 was declined', '4242'],
  ])('leaves out %s', (_case, text, secret) => {
    expect(redact(text)).not.toContain(secret)
  })

  it('leaves alone what helps', () => {
    for (const text of [
      'ECONNREFUSED 127.0.0.1:6379',
      'pi_3Pabc is canceled',
      'top-up of 50000 units in usd',
    ])
      expect(redact(text)).toBe(text)
  })
})

describe('describeFault', () => {
  it('keeps the name, the code and a clean message of an error, and nothing that hangs on it', () => {
    const error = Object.assign(new TypeError('no pm_1Pabc'), { code: 'E_PM', raw: { headers: 'sk_test_1' } })
    expect(describeFault(error)).toEqual({ name: 'TypeError', code: 'E_PM', message: 'no pm_…' })
    expect(describeFault('the hold had run out').name).toBe('the hold had run out')
    expect(describeFault({ secret: 'sk_test_1' })).toEqual({ name: 'object', code: undefined, message: '' })
  })
})
