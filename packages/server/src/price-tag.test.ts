import { describe, expect, it } from 'vitest'
import { ConfigurationError } from './configuration-error.js'
import { priceTag } from './price-tag.js'
import { resolveSettings } from './settings.js'
import { MemoryStore } from './store/index.js'

const SETTINGS = resolveSettings({
  stripe: { secretKey: 'sk_test_local' },
  publishableKey: 'pk_test_local',
  secret: 'a secret of thirty-two bytes or more',
  store: new MemoryStore(),
})
const REQUEST = { method: 'GET', url: '/', header: () => undefined }

describe('priceTag', () => {
  it.each([
    ['24h', 86_400_000],
    ['30m', 1_800_000],
    ['7d', 604_800_000],
    [1500, 1500],
  ])('reads access %j', (access, accessMs) => {
    expect(priceTag({ price: 100, access }, SETTINGS).accessMs).toBe(accessMs)
  })

  it.each([
    ['access', { price: 100, access: 'a day' }],
    ['access', { price: 100, access: 0 }],
    ['minTopUp', { price: 100, minTopUp: 0.5 }],
    ['minTopUp', { price: 100, minTopUp: 10 ** 12 }],
    ['settle', { price: 100, settle: 'before' }],
    ['price', { price: undefined }],
    ['price', { price: 100, currency: 'dollars' }],
  ])('names %s when it is %j', (setting, options) => {
    expect(() => Reflect.apply(priceTag, null, [options, SETTINGS])).toThrow(
      expect.objectContaining({ name: ConfigurationError.name, setting }),
    )
  })

  it.each([
    ['description', 10_000],
    ['mimeType', 255],
  ])('takes a %s of %i characters, and no longer one, which no client would read', (setting, most) => {
    const tag = (length: number) => priceTag({ price: 100, [setting]: 'x'.repeat(length) }, SETTINGS)
    expect(() => tag(most)).not.toThrow()
    expect(() => tag(most + 1)).toThrow(expect.objectContaining({ setting }))
  })

  it('asks a price function for every request, and is free at 0', async () => {
    const tag = priceTag({ price: ({ url }) => (url === '/' ? 0 : '$0.01') }, SETTINGS)
    expect(await tag.amounts(REQUEST)).toEqual([])
    expect(await tag.amounts({ ...REQUEST, url: '/x' })).toEqual([{ currency: 'usd', units: 100 }])
  })

  it('rejects what a price function must not say', async () => {
    const tag = priceTag({ price: () => Number.NaN }, SETTINGS)
    await expect(tag.amounts(REQUEST)).rejects.toThrow(ConfigurationError)
  })
})
