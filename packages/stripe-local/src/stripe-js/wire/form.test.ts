import { describe, expect, it } from 'vitest'
import { formFields, isFormFields, nestFields } from './form.js'

describe('formFields', () => {
  it('nests objects and arrays in brackets, as Stripe reads them', () => {
    expect(formFields({ a: { b: [1, { c: true }] }, d: 'x' })).toEqual([
      ['a[b][0]', '1'],
      ['a[b][1][c]', 'true'],
      ['d', 'x'],
    ])
  })

  it('empties with null, leaves out undefined and functions', () => {
    expect(formFields({ a: null, b: undefined, c: () => 1 })).toEqual([['a', '']])
  })
})

describe('nestFields', () => {
  it('moves fields below a parent', () => {
    const fields = [
      ['type', 'card'],
      ['card[cvc]', '123'],
      ['billing_details[address][country]', 'US'],
    ] as const
    expect(nestFields(fields, 'payment_method_data')).toEqual([
      ['payment_method_data[type]', 'card'],
      ['payment_method_data[card][cvc]', '123'],
      ['payment_method_data[billing_details][address][country]', 'US'],
    ])
  })
})

describe('isFormFields', () => {
  it('takes pairs of strings and nothing else', () => {
    expect(isFormFields([['a', 'b']])).toBe(true)
    expect([[['a', 1]], [['a']], ['a'], {}, null].map(isFormFields)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
  })
})
