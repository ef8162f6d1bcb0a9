import { createServer, type Server } from 'node:http'
import { createStripe402Fetch } from '@stripe402/client'
import { createStripe402Axios } from '@stripe402/client/axios'
import { decodeHeader, HEADERS, type PaymentRequired, unitsToDollars } from '@stripe402/core'
import { PostgresStore, RedisStore, type Store } from '@stripe402/server'
import { createStripeLocal } from '@stripe402/stripe-local'
import axios from 'axios'
import express from 'express'
import { Redis } from 'ioredis'
import { setupServer } from 'msw/node'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startPostgres, startRedis } from '../../../scripts/local-servers.js'
import { stripe402Middleware } from './stripe402-middleware.js'

const stripeLocal = createStripeLocal()
const stripeApi = setupServer(...stripeLocal.handlers)
let redisServer: Awaited<ReturnType<typeof startRedis>>
let postgresServer: Awaited<ReturnType<typeof startPostgres>>

beforeAll(async () => {
  stripeApi.listen({ onUnhandledRequest: 'bypass' })
  redisServer = await startRedis()
  postgresServer = await startPostgres()
})
afterAll(async () => {
  stripeApi.close()
  await redisServer.stop()
  await postgresServer.stop()
})

/** An app as the original's documentation shows it; only where things are imported from has changed. */
function originalApp(store: Store): express.Express {
  const app = express()
  app.use(
    stripe402Middleware({
      stripeSecretKey: stripeLocal.keys.secretKey,
      stripePublishableKey: stripeLocal.keys.publishableKey,
      serverSecret: 'a server secret of the original app',
      store,
      routes: {
        'GET /api/joke': { amount: 100, minTopUp: 50_000, description: 'Random joke' },
        'GET /api/weather': { amount: 500, minTopUp: 50_000, description: 'Weather data' },
        'POST /api/translate': { amount: 1000, minTopUp: 100_000, description: 'Text translation' },
      },
    }),
  )
  app.use(express.json())
  app.get('/api/health', (_req, res) => {
    res.json({ status: 'ok' })
  })
  app.get('/api/joke', (_req, res) => {
    res.json({ joke: 'Why do programmers prefer dark mode?' })
  })
  app.get('/api/weather', (_req, res) => {
    res.json({ temperature: 72, conditions: 'Sunny' })
  })
  app.post('/api/translate', (req, res) => {
    res.json({ text: String(req.body.text).toUpperCase() })
  })
  return app
}

describe.each(['RedisStore', 'PostgresStore'])('an app written for the original, with %s', (kind) => {
  let server: Server
  let url: string
  let store: Store
  let close: () => Promise<unknown>

  beforeEach(async () => {
    stripeLocal.reset()
    if (kind === 'RedisStore') {
      const redis = new Redis(redisServer.url)
      await redis.flushall()
      store = new RedisStore(redis)
      close = () => redis.quit()
    } else {
      const pool = new pg.Pool({ connectionString: postgresServer.url })
      const postgresStore = new PostgresStore(pool)
      await postgresStore.createTables()
      store = postgresStore
      close = () => pool.end()
    }
    server = createServer(originalApp(store))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new TypeError('no port')
    url = `http://127.0.0.1:${address.port}`
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    // The original has nothing to close; the last captures follow the answer by up to 10 ms.
    await vi.waitFor(async () => expect((await store.audit()).totals.usd?.held ?? 0).toBe(0))
    await close()
  })

  it('pays with createStripe402Fetch and onPaymentRequired', async () => {
    const asked: number[] = []
    const fetchWithPayment = createStripe402Fetch({
      onPaymentRequired: async (requirements) => {
        asked.push(requirements.amount)
        return { paymentMethodId: 'pm_card_visa', topUpAmount: requirements.minTopUp }
      },
    })
    const first = await fetchWithPayment(`${url}/api/weather`)
    expect(await first.json()).toEqual({ temperature: 72, conditions: 'Sunny' })
    const receipt = decodeHeader<{ creditsRemaining: number; clientId: string }>(
      first.headers.get(HEADERS.PAYMENT_RESPONSE) ?? '',
    )
    const second = await fetchWithPayment(`${url}/api/joke`)
    expect(second.status).toBe(200)
    expect(asked).toEqual([500])
    expect(receipt.clientId).toMatch(/^[0-9a-f]{64}$/)
    expect(charges()).toBe(1)
  })

  it('pays with createStripe402Axios, POST bodies included', async () => {
    const client = createStripe402Axios(axios.create(), {
      onPaymentRequired: async (requirements) => ({
        paymentMethodId: 'pm_card_mastercard',
        topUpAmount: requirements.minTopUp,
      }),
    })
    const translated = await client.post(`${url}/api/translate`, { text: 'hello' })
    expect(translated.data).toEqual({ text: 'HELLO' })
    const weather = await client.get(`${url}/api/weather`)
    expect(weather.status).toBe(200)
    expect(charges()).toBe(1)
  })

  it('asks again when a client id is stale, instead of throwing', async () => {
    const client = createStripe402Axios(axios.create(), {
      clientId: 'f'.repeat(64),
      onPaymentRequired: async (requirements) => ({
        paymentMethodId: 'pm_card_amex',
        topUpAmount: requirements.minTopUp,
      }),
    })
    expect((await client.get(`${url}/api/weather`)).status).toBe(200)
  })

  it('answers the challenge that the original describes, and hands it back when nobody pays', async () => {
    const fetchWithPayment = createStripe402Fetch({ onPaymentRequired: async () => null })
    const response = await fetchWithPayment(`${url}/api/weather`)
    expect(response.status).toBe(402)
    const challenge = decodeHeader<PaymentRequired>(response.headers.get(HEADERS.PAYMENT_REQUIRED) ?? '')
    expect(challenge).toMatchObject({
      stripe402Version: 1,
      resource: { url: '/api/weather' },
      accepts: [
        { scheme: 'stripe', currency: 'usd', amount: 500, minTopUp: 50_000, description: 'Weather data' },
      ],
    })
    expect(unitsToDollars(challenge.accepts[0]?.amount ?? 0)).toBe('0.05')
    expect((await fetch(`${url}/api/health`)).status).toBe(200)
  })
})

function charges(): number {
  return stripeLocal.state.paymentIntents().filter((intent) => intent.status === 'succeeded').length
}
