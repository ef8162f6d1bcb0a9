import { describe, expect, it } from 'vitest'
import { ConfigurationError } from './configuration-error.js'
import { readAmounts } from './price.js'

describe('readAmounts', () => {
  it.each([
    [100, 'usd', [{ currency: 'usd', units: 100 }]],
    [0, 'usd', [{ currency: 'usd', units: 0 }]],
    ['$0.01', 'usd', [{ currency: 'usd', units: 100 }]],
    ['$0.07', 'eur', [{ currency: 'usd', units: 700 }]],
    ['$0.0001', 'usd', [{ currency: 'usd', units: 1 }]],
    ['€1', 'usd', [{ currency: 'eur', units: 10_000 }]],
    ['¥50', 'usd', [{ currency: 'jpy', units: 500_000 }]],
    ['0.09 eur', 'usd', [{ currency: 'eur', units: 900 }]],
    ['EUR 0.09', 'usd', [{ currency: 'eur', units: 900 }]],
    ['0.09eur', 'usd', [{ currency: 'eur', units: 900 }]],
    ['EUR0.09', 'usd', [{ currency: 'eur', units: 900 }]],
    [' 0.09 eur ', 'usd', [{ currency: 'eur', units: 900 }]],
    ['$5 USD', 'eur', [{ currency: 'usd', units: 50_000 }]],
    [{ USD: 100 }, 'eur', [{ currency: 'usd', units: 100 }]],
    ['0.5', 'gbp', [{ currency: 'gbp', units: 5000 }]],
    [
      { usd: 100, eur: '€0.009' },
      'usd',
      [
        { currency: 'usd', units: 100 },
        { currency: 'eur', units: 90 },
      ],
    ],
  ])('reads %j', (price, currency, amounts) => {
    expect(readAmounts(price, currency)).toEqual(amounts)
  })

  it.each([
    [-1],
    [1.5],
    [Number.NaN],
    [1e20],
    ['$-1'],
    ['$0.00001'],
    ['free'],
    [''],
    ['1e3'],
    [{}],
    [{ usd: '€1' }],
    [2 ** 53],
    ['$5 eur'],
    ['¥50 usd'],
    ['eur 5 usd'],
    [{ dollars: 100 }],
    [{ usd: 0, eur: 90 }],
    [[100]],
    [null],
    [undefined],
  ])('refuses %j by name', (price) => {
    expect(() => Reflect.apply(readAmounts, null, [price, 'usd'])).toThrow(ConfigurationError)
  })
})
