import { describe, expect, it } from 'vitest'
import { brandOf, shapeOf } from './brand.js'
import { digitsOf, formatCardNumber, judgeCardNumber, passesLuhn } from './card-number.js'

describe('brandOf', () => {
  const table = [
    ['4', 'visa'],
    ['51', 'mastercard'],
    ['2221', 'mastercard'],
    ['2720', 'mastercard'],
    ['2721', 'unknown'],
    ['34', 'amex'],
    ['37', 'amex'],
    ['6011', 'discover'],
    ['644', 'discover'],
    ['36', 'diners'],
    ['305', 'diners'],
    ['306', 'unknown'],
    ['3528', 'jcb'],
    ['3527', 'unknown'],
    ['62', 'unionpay'],
    ['', 'unknown'],
    ['1', 'unknown'],
  ] as const
  for (const [digits, brand] of table) {
    it(`takes ${digits || 'nothing'} for ${brand}`, () => expect(brandOf(digits)).toBe(brand))
  }

  it('gives Amex a code of three or four digits and the others three', () => {
    expect(shapeOf('37').codeLengths).toEqual([3, 4])
    expect(shapeOf('4').codeLengths).toEqual([3])
  })
})

describe('formatCardNumber', () => {
  const table = [
    ['4242', '4242'],
    ['42424', '4242 4'],
    ['4242-4242-4242-4242', '4242 4242 4242 4242'],
    ['42424242424242421111', '4242 4242 4242 4242'],
    ['378282246310005', '3782 822463 10005'],
    ['36227206271667', '3622 720627 1667'],
    ['3056930009020004', '3056 9300 0902 0004'],
    ['6205500000000000004', '6205 5000 0000 0000 004'],
    ['card 4000 abc', '4000'],
    ['٤٢٤٢٤', '4242 4'],
    ['４２４２４', '4242 4'],
  ] as const
  for (const [typed, shown] of table) {
    it(`shows ${typed} as ${shown}`, () => expect(formatCardNumber(typed)).toBe(shown))
  }

  it('changes nothing that it has formatted itself', () => {
    for (const [, shown] of table) expect(formatCardNumber(shown)).toBe(shown)
  })
})

describe('judgeCardNumber', () => {
  const table = [
    ['', 'empty'],
    ['4242 4242', 'incomplete'],
    ['4242 4242 4242 4242', 'complete'],
    ['4242 4242 4242 4241', 'invalid'],
    ['3782 822463 10005', 'complete'],
    ['3782 822463 1000', 'incomplete'],
    ['3056 9300 0902 0004', 'complete'],
    ['6200 0000 0000 0005', 'complete'],
    ['1234 5678 9012 3452', 'invalid'],
  ] as const
  for (const [number, state] of table) {
    it(`calls ${number || 'nothing'} ${state}`, () => expect(judgeCardNumber(number)).toBe(state))
  }
})

describe('passesLuhn', () => {
  it('rejects every change of one digit', () => {
    const number = '4242424242424242'
    for (let index = 0; index < number.length; index += 1) {
      const other = (Number(number[index]) + 1) % 10
      expect(passesLuhn(number.slice(0, index) + other + number.slice(index + 1))).toBe(false)
    }
  })
})

describe('digitsOf', () => {
  it('reads Arabic-Indic, Persian and full-width digits', () => {
    expect(digitsOf('٠١٢ ۳۴۵ ６７８-9')).toBe('0123456789')
  })
})
