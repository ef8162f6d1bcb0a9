import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import amounts from '../vectors/amounts.json' with { type: 'json' }
import priceVectors from '../vectors/prices.json' with { type: 'json' }
import {
  chargeableUnits,
  formatUnits,
  InvalidAmountError,
  maximumChargeUnits,
  minorToUnits,
  unitsToCents,
  unitsToDollars,
  unitsToMinor,
} from './currency.js'
import { minimumChargeUnits } from './minimum-charge.js'

const { currencies, refuses } = amounts
const { prices } = priceVectors
const anyCurrency = fc.constantFrom(...currencies)
/** A currency and an amount of it that one charge can cover. */
const charge = anyCurrency.chain((currency) =>
  fc.record({ currency: fc.constant(currency), units: fc.integer({ min: 0, max: currency.maximumUnits }) }),
)

describe.each(currencies)(
  '$description',
  ({ currency, charges, minimumUnits, maximumUnits, minorDigits }) => {
    it.each(charges)(
      '$units units are charged as $minor and credited as $credited',
      ({ units, minor, credited }) => {
        expect(unitsToMinor(units, currency)).toBe(minor)
        expect(chargeableUnits(units, currency)).toBe(credited)
        expect(minorToUnits(minor, currency)).toBe(credited)
      },
    )

    it('has the smallest and the largest charge of the vectors', () => {
      expect(minimumChargeUnits(currency)).toBe(minimumUnits ?? 0)
      expect(maximumChargeUnits(currency)).toBe(maximumUnits)
      expect(() => unitsToMinor(maximumUnits + 1, currency)).toThrow(InvalidAmountError)
    })

    it('converts one minor unit exactly, also as a refund', () => {
      expect(minorToUnits(1, currency)).toBe(10 ** (4 - minorDigits))
      expect(minorToUnits(-7, currency)).toBe(-7 * 10 ** (4 - minorDigits))
    })
  },
)

describe('unitsToMinor', () => {
  it.each(refuses)('refuses $description', ({ units, currency }) => {
    expect(() => unitsToMinor(units, currency)).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
  })

  it('never charges less for more', () => {
    fc.assert(
      fc.property(charge, fc.nat(), ({ currency: { currency, maximumUnits }, units }, more) => {
        const larger = Math.min(maximumUnits, units + more)
        expect(unitsToMinor(larger, currency)).toBeGreaterThanOrEqual(unitsToMinor(units, currency))
      }),
    )
  })

  it('charges in the steps that Stripe takes', () => {
    fc.assert(
      fc.property(charge, ({ currency: { currency, minorStep }, units }) => {
        expect(unitsToMinor(units, currency) % minorStep).toBe(0)
      }),
    )
  })
})

describe('chargeableUnits', () => {
  it('credits at least what was asked for and less than one step more', () => {
    fc.assert(
      fc.property(charge, ({ currency: { currency, minorStep, minorDigits }, units }) => {
        const credited = chargeableUnits(units, currency)
        expect(credited).toBeGreaterThanOrEqual(units)
        expect(credited - units).toBeLessThan(minorStep * 10 ** (4 - minorDigits))
      }),
      { numRuns: 1000 },
    )
  })

  it('charges a credited amount as it is', () => {
    fc.assert(
      fc.property(charge, ({ currency: { currency }, units }) => {
        const credited = chargeableUnits(units, currency)
        expect(chargeableUnits(credited, currency)).toBe(credited)
      }),
    )
  })
})

describe('minorToUnits', () => {
  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER])('refuses %d', (minor) => {
    expect(() => minorToUnits(minor, 'usd')).toThrow(InvalidAmountError)
  })

  it('refuses a currency in capitals', () => {
    expect(() => minorToUnits(1, 'JPY')).toThrow(InvalidAmountError)
    expect(() => minimumChargeUnits('JPY')).toThrow(InvalidAmountError)
    expect(() => maximumChargeUnits('JPY')).toThrow(InvalidAmountError)
  })
})

describe('unitsToCents', () => {
  it.each([
    [0, 0],
    [1, 1],
    [100, 1],
    [101, 2],
    [500, 5],
    [50_000, 500],
  ])('rounds %d units up to %d cents', (units, cents) => {
    expect(unitsToCents(units)).toBe(cents)
  })
})

describe('unitsToDollars', () => {
  it.each(prices.filter((price) => price.dollars !== undefined))(
    'writes $description',
    ({ units, dollars }) => {
      expect(unitsToDollars(units)).toBe(dollars)
    },
  )

  it('keeps every digit of a safe amount of up to a billion dollars', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), (units) => {
        const [whole = '', fraction = ''] = unitsToDollars(units).split('.')
        expect(Number(whole + fraction.padEnd(4, '0'))).toBe(units)
      }),
    )
  })
})

describe('formatUnits', () => {
  it.each(prices)('writes $description as $display', ({ units, currency, display }) => {
    expect(formatUnits(units, currency, 'en-US')).toBe(display)
  })

  it('isolates an amount that is written from the right, whose sign would change sides in a sentence', () => {
    expect(formatUnits(50_000, 'usd', 'ar')).toBe('\u20665.00\u00a0US$\u2069')
    expect(formatUnits(50_000, 'usd', 'de')).toBe('5,00\u00a0$')
  })

  it('writes in the language of the reader', () => {
    expect(formatUnits(12_345, 'eur', 'de-DE').replace(/\s/u, ' ')).toBe('1,2345 €')
  })

  it('shows a balance below zero', () => {
    expect(formatUnits(-500, 'usd', 'en-US')).toBe('-$0.05')
  })
})
