import { describe, expect, it } from 'vitest'
import { readSettings } from './demo-settings.js'

describe('readSettings', () => {
  it('needs nothing', () => {
    expect(readSettings({})).toMatchObject({ port: 4242, stripeLocalPort: 4243, stripeKeys: null })
  })

  it('takes an empty variable for an absent one', () => {
    const empty = { PORT: '', STRIPE_SECRET_KEY: '', REDIS_URL: '', SERVER_SECRET: '' }
    expect(readSettings(empty)).toEqual(readSettings({}))
  })

  it('takes both Stripe keys', () => {
    const keys = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_PUBLISHABLE_KEY: 'pk_test_1' }
    expect(readSettings(keys).stripeKeys).toMatchObject({
      secretKey: 'sk_test_1',
      publishableKey: 'pk_test_1',
    })
  })

  it('takes several secrets, newest first', () => {
    expect(readSettings({ SERVER_SECRET: 'new, old' }).serverSecret).toEqual(['new', 'old'])
  })

  it.each([
    [{ PORT: '70000' }, 'PORT is "70000"'],
    [{ PORT: 'http' }, 'PORT is "http"'],
    [{ STRIPE_LOCAL_PORT: '-1' }, 'STRIPE_LOCAL_PORT is "-1"'],
    [{ STRIPE_SECRET_KEY: 'sk_test_1' }, 'STRIPE_PUBLISHABLE_KEY is missing'],
    [{ STRIPE_PUBLISHABLE_KEY: 'pk_test_1' }, 'STRIPE_SECRET_KEY is missing'],
    [
      { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_PUBLISHABLE_KEY: 'pk_live_1' },
      'STRIPE_SECRET_KEY is a live key',
    ],
  ])('refuses %o', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message)
  })
})
