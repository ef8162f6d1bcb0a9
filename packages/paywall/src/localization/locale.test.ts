import { describe, expect, it } from 'vitest'
import { amountLocale, closestLocale, directionOf } from './locale.js'

describe('closestLocale', () => {
  it.each([
    ['de-CH', 'de'],
    ['PT-br', 'pt'],
    ['en-GB', 'en'],
    ['tlh', 'en'],
    ['', 'en'],
  ])('answers %j with %s', (tag, locale) => {
    expect(closestLocale(tag)).toBe(locale)
  })
})

describe('amountLocale', () => {
  it('keeps the region of a page whose language is spoken', () => {
    expect(amountLocale('de-CH', 'de')).toBe('de-CH')
  })
  it('writes amounts in the language of the words around them', () => {
    expect(amountLocale('tlh', 'en')).toBe('en')
  })
})

describe('directionOf', () => {
  it('writes Arabic from the right', () => {
    expect([directionOf('ar'), directionOf('en')]).toEqual(['rtl', 'ltr'])
  })
})
