import { expect, test } from '@playwright/test'
import { serializePayment } from '@stripe402/core'
import { secretsIn } from './canaries.js'
import { startDemoForTest } from './demo-for-test.js'

test.describe('the search for secrets', () => {
  for (const [what, text] of [
    ['a PaymentMethod', 'charging pm_1PabcDEFghiJKL failed'],
    ['a client secret', '{"secret":"pi_3Pabc_secret_xyz"}'],
    ['a secret key', 'Invalid API Key provided: sk_test_0123456789'],
    ['a webhook secret', 'whsec_0123'],
    ['a session', 'v1.k1d.0a1b.usd.1.thumb.50000.1767226200.mac-mac'],
    ['a payment header', `payment: ${serializePayment({ currency: 'usd' })}`],
    ['a card number', 'card 4000002760003184 declined'],
  ] as const)
    test(`finds ${what} in what a process says`, () => {
      expect(secretsIn(text).join()).toContain(what)
    })

  test('lets a person have the secret of their own bank check, and says nothing about plain words', () => {
    expect(secretsIn('{"nextAction":{"clientSecret":"pi_3Pabc_secret_xyz"}}')).toEqual([])
    expect(secretsIn('demo ready http://localhost:4242 (pm_card_visa, order 1767226200123456)')).toEqual([])
  })

  test('fails a test whose server has said a secret', async () => {
    const demo = await startDemoForTest()
    const header = serializePayment({ paymentMethodId: 'pm_card_visa' })
    await fetch(`${demo.url}/api/joke`, { headers: { payment: header } })
    demo.log(`refused ${header}`)
    await expect(demo.close()).rejects.toThrow(`${header} in a log line`)
  })
})
