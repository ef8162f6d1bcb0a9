import { describe, expect, it } from 'vitest'
import { pageLanguage } from './page-language.js'

describe('pageLanguage', () => {
  it.each([
    [undefined, 'en', 'ltr'],
    ['', 'en', 'ltr'],
    ['de', 'de', 'ltr'],
    ['fr-ch, de;q=0.8', 'fr-CH', 'ltr'],
    ['en;q=0.5, ar-EG;q=0.9', 'ar-EG', 'rtl'],
    ['tlh, sw;q=0.9, ja;q=0.1', 'ja', 'ltr'],
    ['de;q=0, nl', 'nl', 'ltr'],
    ['*', 'en', 'ltr'],
    ['de"><script>, pl;q=0.1', 'pl', 'ltr'],
    ['de-x-x-x-1234567890', 'en', 'ltr'],
    ['de-aa-aa-aa', 'de', 'ltr'],
  ])('reads %j as %s, written %s', (header, tag, direction) => {
    expect(pageLanguage(header)).toMatchObject({ tag, direction })
  })
})
