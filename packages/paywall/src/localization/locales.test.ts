import { describe, expect, it } from 'vitest'
import { TARGET_LOCALES } from './locale.js'
import en from './locales/en.js'

const placeholders = (text: string): string[] => [...text.matchAll(/\{\d\}/g)].map(String).sort()

describe.each(TARGET_LOCALES)('the %s texts', async (locale) => {
  const { default: texts }: { default: Record<string, string> } = await import(`./locales/${locale}.ts`)

  it('have every text of the source and no other', () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort())
  })

  it('use the same values', () => {
    for (const [id, source] of Object.entries(en))
      expect([id, placeholders(texts[id] ?? '')]).toEqual([id, placeholders(source)])
  })

  it('are translated', () => {
    const same = Object.entries(en).filter(([id, source]) => texts[id] === source)
    expect(same.length).toBeLessThan(5)
  })
})
