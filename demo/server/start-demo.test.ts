import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DemoError } from './demo-error.js'
import { listen } from './listen.js'
import { type DemoHome, makeHome, send } from './temporary-demo.fixture.js'

let home: DemoHome

// One home for all: a new database takes seconds, an old one is opened again.
beforeAll(async () => {
  home = await makeHome()
})

afterAll(() => home.remove())

describe('startDemo', { timeout: 180_000 }, () => {
  it('keeps balances over a restart, local Stripe and all', async () => {
    const before = await home.start()
    const bought = await send(`${before.url}/api/joke`, {
      paymentMethodId: 'pm_card_visa',
      topUpAmount: 50_000,
      currency: 'usd',
    })
    expect(bought.receipt?.creditsRemaining).toBe(49_900)
    await before.close()

    const after = await home.start()
    try {
      const { clientId } = bought.receipt ?? {}
      const spent = await send(`${after.url}/api/joke`, { clientId, currency: 'usd' })
      expect(spent.status).toBe(200)
      expect(spent.receipt).toMatchObject({ clientId, charged: 100, creditsRemaining: 49_800 })
      // The same card, in a browser that has forgotten everything, is the same client.
      const sameCard = await send(
        `${after.url}/.well-known/stripe402/top-up`,
        { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, currency: 'usd' },
        { method: 'POST' },
      )
      expect(sameCard.receipt).toMatchObject({ clientId, creditsRemaining: 99_800 })
    } finally {
      await after.close()
    }
  })

  it('makes the secret once, readable by its owner only', async () => {
    const demo = await home.start()
    await demo.close()
    expect((await stat(join(home.dataFolder, 'secret'))).mode & 0o777).toBe(0o600)
  })

  it('names the variable of a port that is taken, and leaves nothing open', async () => {
    const squatter = createServer()
    const port = await listen(squatter, 0, 'PORT')
    try {
      const start = home.start({ PORT: String(port) })
      await expect(start).rejects.toThrow(DemoError)
      await expect(start).rejects.toThrow(`Port ${port} is taken. Set PORT to another one`)
      await expect(home.start({ STRIPE_LOCAL_PORT: String(port) })).rejects.toThrow('Set STRIPE_LOCAL_PORT')
      const demo = await home.start()
      await demo.close()
    } finally {
      await new Promise((resolve) => squatter.close(resolve))
    }
  })

  it('refuses two stores at once', async () => {
    const both = { REDIS_URL: 'redis://localhost:1', DATABASE_URL: 'postgres://localhost:1/x' }
    await expect(home.start(both)).rejects.toThrow('REDIS_URL and DATABASE_URL are both set')
  })

  it.each([
    [{ DATABASE_URL: 'postgres://localhost:1/nowhere' }, 'Postgres (DATABASE_URL) cannot be reached'],
    [{ REDIS_URL: 'redis://localhost:1' }, 'Redis (REDIS_URL) cannot be reached'],
  ])('says which store cannot be reached: %o', async (environment, message) => {
    await expect(home.start(environment)).rejects.toThrow(message)
  })

  it('starts no local Stripe when there are keys', async () => {
    const demo = await home.start({
      STRIPE_SECRET_KEY: 'sk_test_real',
      STRIPE_PUBLISHABLE_KEY: 'pk_test_real',
    })
    try {
      const { text, headers } = await send(`${demo.url}/demo/config.json`)
      expect(demo.localStripeUrl).toBeNull()
      expect(JSON.parse(text)).toEqual({ mode: 'test', publishableKey: 'pk_test_real', stripeJsUrl: null })
      expect(headers.get('content-security-policy')).not.toContain('http://')
    } finally {
      await demo.close()
    }
  })
})
