import { describe, expect, it } from 'vitest'
import { countriesIn, countryOf } from './countries.js'
import { en } from './en.js'
import { pickLanguage } from './languages.js'

const tags = ['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt']

describe('pickLanguage', () => {
  it('takes the first locale that it speaks', () => {
    expect(pickLanguage(['auto', 'tlh', 'pt-BR', 'de']).tag).toBe('pt-BR')
  })

  it('speaks English to everybody else', () => expect(pickLanguage(['auto', 'xx']).text).toBe(en))

  it('keeps a tag that Intl would refuse out of the document', () => {
    expect(pickLanguage(['de-!']).tag).toBe('de')
  })

  it('writes Arabic from right to left, and only Arabic', () => {
    expect(tags.filter((tag) => pickLanguage([tag]).direction === 'rtl')).toEqual(['ar'])
  })

  for (const tag of tags.filter((candidate) => candidate !== 'en')) {
    it(`has a text of its own for every error in ${tag}`, () => {
      const { errors } = pickLanguage([tag]).text
      expect(Object.keys(errors)).toEqual(Object.keys(en.errors))
      expect(new Set(Object.values(errors)).size).toBe(Object.keys(errors).length)
      expect(Object.entries(errors).filter(([code, text]) => Object(en.errors)[code] === text)).toEqual([])
    })
  }
})

describe('countriesIn', () => {
  it('sorts by name in the language', () => {
    const names = countriesIn('de').map(({ name }) => name)
    expect(names.indexOf('Ägypten')).toBeLessThan(names.indexOf('Albanien'))
    expect(names).toContain('Deutschland')
  })

  it('lists each country once', () => {
    const codes = countriesIn('en').map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.length).toBeGreaterThan(230)
  })
})

describe('countryOf', () => {
  it('takes the region of the first locale that has one', () => {
    expect(countryOf(['auto', 'de', 'de-AT', 'en-US'])).toBe('AT')
    expect(countryOf(['zh-Hant-TW'])).toBe('TW')
  })

  it('is the United States without any', () => expect(countryOf(['auto', 'en'])).toBe('US'))
})
