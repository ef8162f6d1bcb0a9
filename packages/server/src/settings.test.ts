import { describe, expect, it } from 'vitest'
import { ConfigurationError } from './configuration-error.js'
import { resolveSettings, type Stripe402Options } from './settings.js'
import { MemoryStore } from './store/index.js'

const GOOD: Stripe402Options = {
  stripe: { secretKey: 'sk_test_local' },
  publishableKey: 'pk_test_local',
  secret: 'a secret of thirty-two bytes or more',
  store: new MemoryStore(),
}

function settingNamedBy(options: Partial<Record<keyof Stripe402Options, unknown>>): string {
  try {
    resolveSettings(Object.assign({ ...GOOD }, options))
  } catch (error) {
    if (error instanceof ConfigurationError) return error.setting
    throw error
  }
  return 'nothing'
}

describe('resolveSettings', () => {
  it('takes the fewest settings and fills in the rest', () => {
    const settings = resolveSettings(GOOD)
    expect(settings.topUpLimits('usd')).toEqual({
      min: 50_000,
      max: 5_000_000,
      options: [50_000, 100_000, 200_000],
    })
    expect(settings.topUpLimits('jpy').min).toBe(5_000_000)
  })

  it('takes the limits of its currency from the table of all, too', () => {
    const settings = resolveSettings({ ...GOOD, topUpIn: { usd: { min: 70_000 }, eur: {} } })
    expect(settings.topUpLimits('usd').min).toBe(70_000)
    expect(settings.currencies).toEqual(['usd', 'eur'])
  })

  it('takes an unset variable for no webhook secret', () => {
    expect(resolveSettings({ ...GOOD, webhookSecret: '' }).webhookSecret).toBeUndefined()
  })

  it.each([
    ['secret', { secret: 'short' }],
    ['secret', { secret: undefined }],
    ['secret', { secret: [] }],
    ['secret', { secret: ['a secret of thirty-two bytes or more', 'short'] }],
    ['publishableKey', { publishableKey: 'sk_test_local' }],
    ['publishableKey', { publishableKey: 'pk_live_local' }],
    ['publishableKey', { publishableKey: undefined }],
    ['stripe.secretKey', { stripe: { secretKey: 'pk_test_local' } }],
    ['stripe.secretKey', { stripe: { secretKey: '' } }],
    ['stripe.apiBase', { stripe: { secretKey: 'sk_test_local', apiBase: 'not a url' } }],
    ['currency', { currency: 'dollars' }],
    ['stripe.apiBase', { stripe: { secretKey: 'sk_test_local', apiBase: 'ftp://localhost' } }],
    ['stripe', { stripe: undefined }],
    ['store', { store: undefined }],
    ['store', { store: {} }],
    ['limits.attemptsPerAddress', { limits: { attemptsPerAddress: { most: 0, withinMs: 1000 } } }],
    ['limits.cardsPerAddress', { limits: { cardsPerAddress: { most: 3, withinMs: 0.5 } } }],
    [
      'limits.breaker',
      {
        limits: {
          breaker: { attempts: 20, withinMs: 1, declineRatio: 50, trickle: { most: 1, withinMs: 1 } },
        },
      },
    ],
    ['webhookSecret', { webhookSecret: 'sk_test_local' }],
    ['payee', { payee: { name: 'Weather', supportUrl: '/help' } }],
    ['payee', { payee: { name: 'Weather', termsUrl: 'javascript:alert(1)' } }],
    ['payee', { payee: { supportUrl: 'https://example.com' } }],
    ['stripeTimeoutMs', { stripeTimeoutMs: 0 }],
    ['waitMs', { waitMs: -1 }],
    ['takeOverMs', { takeOverMs: Number.NaN }],
    ['holdMs', { holdMs: '5m' }],
    ['origins', { origins: ['https://shop.example/'] }],
    ['origins', { origins: ['shop.example'] }],
    ['origins', { origins: [] }],
    ['topUp.options', { topUp: { options: Array.from({ length: 13 }, (_, at) => 50_000 + at) } }],
    ['topUp.min', { topUp: { min: 500 } }],
    ['topUp', { topUp: { min: 50_000.5 } }],
    ['topUp.max', { topUp: { min: 50_000, max: 40_000, options: [] } }],
    ['topUp.options', { topUp: { min: 50_000, max: 60_000, options: [70_000] } }],
  ])('names %s when it is %j', (setting, options) => {
    expect(settingNamedBy(options)).toBe(setting)
  })
})
