import { afterEach, describe, expect, it, vi } from 'vitest'
import { neverFields } from './element-options.js'
import { readElementsOptions } from './elements-options.js'
import { readClientSecret } from './intents.js'
import { originsFor } from './origins.js'
import { readPublishableKey } from './publishable-key.js'

const payment = { mode: 'payment', amount: 500, currency: 'usd' }

afterEach(() => vi.restoreAllMocks())

describe('readElementsOptions', () => {
  const refused: readonly [object, RegExp][] = [
    [{ ...payment, paymentMethodTypes: ['card'] }, /paymentMethodTypes is no longer supported/],
    [{ ...payment, amount: undefined }, /amount should be an integer greater than 0/],
    [{ ...payment, amount: 0 }, /amount should be an integer greater than 0/],
    [{ ...payment, amount: 4.99 }, /amount should be/],
    [{ ...payment, amount: '500' }, /You specified: "500"/],
    [{ ...payment, amount: 100_000_000 }, /amount should be/],
    [{ ...payment, currency: undefined }, /currency should be a three-letter ISO/],
    [{ ...payment, currency: 'USD' }, /in lowercase/],
    [{ ...payment, currency: 'xyz' }, /currency should be/],
    [
      { ...payment, mode: 'pay' },
      /mode should be one of the following strings: payment, setup, subscription/,
    ],
    [{ ...payment, paymentMethodCreation: 'auto' }, /paymentMethodCreation should be/],
    [{ ...payment, allowedPaymentMethodTypes: [] }, /allowedPaymentMethodTypes should be a non-empty array/],
    [{ ...payment, clientSecret: 'pi_1_secret_2' }, /mode cannot be used together with clientSecret/],
    [{ clientSecret: 'pi_1' }, /clientSecret should be a client secret/],
    [{ ...payment, locale: 3 }, /locale should be a string/],
    [{ ...payment, appearance: 'night' }, /appearance should be an object/],
  ]
  for (const [options, message] of refused) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => readElementsOptions(options, 'elements()')).toThrow(message)
    })
  }

  it('takes what Stripe takes, without a warning', () => {
    const warn = vi.spyOn(console, 'warn')
    readElementsOptions(undefined, 'elements()')
    readElementsOptions({ mode: 'setup', currency: 'eur' }, 'elements()')
    readElementsOptions({ mode: 'setup' }, 'elements()')
    readElementsOptions({ ...payment, mode: 'subscription', amount: 0 }, 'elements()')
    readElementsOptions({ clientSecret: 'seti_1_secret_2' }, 'elements()')
    const full = {
      ...payment,
      paymentMethodCreation: 'manual',
      allowedPaymentMethodTypes: ['card'],
      locale: 'de',
    }
    readElementsOptions(full, 'elements()')
    expect(warn).not.toHaveBeenCalled()
  })

  it('warns about an option that Stripe.js does not know, and goes on', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    expect(readElementsOptions({ ...payment, colour: 'red' }, 'elements()')).toMatchObject(payment)
    expect(warn.mock.calls).toEqual([
      [
        'Unrecognized elements() parameter: colour is not a recognized parameter. This may cause issues with your integration in the future.',
      ],
    ])
  })

  it('judges an update together with what is already there', () => {
    expect(readElementsOptions({ amount: 900 }, 'update()', payment)).toEqual({ ...payment, amount: 900 })
    expect(() => readElementsOptions({ amount: -1 }, 'update()', payment)).toThrow(/amount/)
  })
})

describe('neverFields', () => {
  const fields = (billingDetails: unknown) => neverFields({ fields: { billingDetails } })
  it('is empty unless the page opted out', () => {
    expect(neverFields({})).toEqual([])
    expect(fields('auto')).toEqual([])
  })
  it('names single fields by their path in the API', () => {
    expect(fields({ name: 'never', address: { country: 'never', postalCode: 'never' } })).toEqual([
      'name',
      'address.country',
      'address.postal_code',
    ])
  })
  it('names the whole address, or everything', () => {
    expect(fields({ address: 'never' })).toHaveLength(6)
    expect(fields('never')).toHaveLength(9)
  })
})

describe('readPublishableKey', () => {
  const refused: readonly [unknown, RegExp][] = [
    [undefined, /apiKey should be a string. You specified: undefined/],
    ['', /You used an empty string/],
    ['sk_test_1', /You should not use your secret key with Stripe.js/],
    ['rk_live_1', /You should not use your secret key with Stripe.js/],
    ['hello', /pk_test_ or pk_live_/],
  ]
  for (const [key, message] of refused) {
    it(`refuses ${JSON.stringify(key)}`, () => expect(() => readPublishableKey(key)).toThrow(message))
  }
  it('returns a publishable key', () => expect(readPublishableKey('pk_test_1')).toBe('pk_test_1'))
})

describe('readClientSecret', () => {
  it('knows a PaymentIntent from a SetupIntent', () => {
    expect(readClientSecret('pi_3Abc_secret_Xyz', 'x')).toMatchObject({ kind: 'payment', id: 'pi_3Abc' })
    expect(readClientSecret('seti_3Abc_secret_Xyz', 'x').path).toBe('/v1/setup_intents/seti_3Abc')
  })
  it('refuses an id, another kind and other values', () => {
    const message = /value should be a client secret of the form \$\{id\}_secret_\$\{secret\}/
    expect(() => readClientSecret('pi_3Abc', 'retrievePaymentIntent')).toThrow(message)
    expect(() => readClientSecret('seti_1_secret_2', 'retrievePaymentIntent', 'payment')).toThrow(message)
    expect(() => readClientSecret(undefined, 'handleNextAction')).toThrow(message)
  })
})

describe('originsFor', () => {
  it('knows where the API of the real Stripe.js is', () => {
    expect(originsFor('https://js.stripe.com/endive/stripe.js?advancedFraudSignals=false')).toEqual({
      script: 'https://js.stripe.com',
      api: 'https://api.stripe.com',
    })
  })
  it('speaks to the server that a local script came from', () => {
    expect(originsFor('http://localhost:4243/endive/stripe.js').api).toBe('http://localhost:4243')
  })
})
