import { createServer } from 'node:http'
import { expressPaywall } from '@stripe402/express'
import { createStripe402, MemoryStore } from '@stripe402/server'
import { startStripeLocal } from '@stripe402/stripe-local'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usedMemory } from './memory.js'
import { mutateHeader, mutateJson, seedMessages } from './mutate.js'
import { pipeline } from './pipeline.js'
import { type Random, randomFrom } from './random.js'
import { SCALE } from './scale.js'

/** Some forty bytes for each request of a full run: a server that keeps anything of them is beyond it. */
const MOST_GROWN = 4 * 1024 * 1024

/** Milliseconds of processor time for one request: a hundred times what most take. */
const MOST_MS = 100

const WEBHOOK_SECRET = 'whsec_fuzz'
const stripe = await startStripeLocal()
const stripe402 = createStripe402({
  stripe: { secretKey: stripe.stripeLocal.keys.secretKey, apiBase: stripe.url },
  publishableKey: stripe.stripeLocal.keys.publishableKey,
  secret: 'the secret of a fuzzed shop, 32 bytes',
  webhookSecret: WEBHOOK_SECRET,
  store: new MemoryStore(),
  logger: { warn() {}, error() {} },
})
const unhandled: unknown[] = []
const note = (error: unknown): void => void unhandled.push(error)
const server = createServer(shop())
let port = 0

beforeAll(async () => {
  process.on('unhandledRejection', note)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port')
  port = address.port
})
afterAll(async () => {
  process.off('unhandledRejection', note)
  await stripe402.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await stripe.close()
})

function shop(): express.Express {
  const app = express()
  const paywall = expressPaywall(stripe402)
  app.use(paywall.router())
  app.use(paywall.routes({ 'ALL /api/joke': { price: 100 } }))
  app.all('/api/joke', (_request, response) => void response.json({}))
  app.all(
    '/api/weather',
    paywall.paymentRequired({ price: 500 }),
    (_request, response) => void response.json({}),
  )
  app.post(
    '/api/notes',
    express.json(),
    paywall.paymentRequired({ price: 500 }),
    (_request, response) => void response.json({}),
  )
  return app
}

const messages = seedMessages('payment')
const NAMED = Buffer.from(
  JSON.stringify({
    stripe402Version: 1,
    clientId: 'ab'.repeat(32),
    requestId: '5f0f2a4e-7e0b-4c1e-9b59-0c4a5b6f7d10',
  }),
).toString('base64')

/** A header value as it may stand on the wire: no control characters, and short enough for Node to hand it over. */
function wireValue(random: Random): string {
  return mutateHeader(random, random.pick(messages))
    .replace(/[^\x20-\x7e\x80-\xff]/g, '~')
    .slice(0, 12_000)
}

function* paidRequests(random: Random, count: number): Generator<string> {
  for (let at = 0; at < count; at += 1) {
    const target = random.pick([
      '/api/joke',
      '/api/weather',
      '/.well-known/stripe402/balance',
      '/.well-known/stripe402/top-up',
      `/api/joke${String.fromCharCode(33 + random.int(94))}`,
      `/api/%${random.int(256).toString(16)}joke?_method=${random.int(9)}`,
      `http://${random.pick(['h', '[::1', 'h%', 'a@b', ''])}:${random.int(99_999)}/.well-known/stripe402/history?limit=1`,
      `http://shop/api/joke?a=?&_m%65thod=${random.pick(['GET', 'HEAD', 'BREW', '%'])}#x`,
    ])
    const method = random.pick(['GET', 'GET', 'POST', 'OPTIONS', 'DELETE'])
    const more = random.pick([
      '',
      `payment: ${wireValue(random).slice(0, 1000)}\r\n`,
      `accept: ${wireValue(random).slice(0, 200)}\r\n`,
      `x-http-method-override: ${wireValue(random).slice(0, 50)}\r\n`,
      `x-forwarded-for: ${wireValue(random).slice(0, 50)}\r\n`,
    ])
    yield `${method} ${target} HTTP/1.1\r\nhost: shop\r\npayment: ${wireValue(random)}\r\n${more}\r\n`
  }
}

/** Nearly as much as Node reads of a head, or express.json() of a body; all of it in one place. */
function longRequest(random: Random): string {
  const long = (text: string): string => text.repeat((10_000 + random.int(4500)) / text.length)
  const target = random.pick([
    `/${long(random.pick(['/', '\\', '.', './', '../', '%2f', '%', ';', '%2e%2e/']))}a`,
    `/.well-known/stripe402/balance${long('/')}a`,
    `/api/joke?${long(random.pick(['_method=PUT&', '?', '#', '%5f', '&', '_method=G,']))}`,
    `http://${long(random.pick(['h', ':', '@', '[']))}/api/joke`,
  ])
  const header = random.pick([
    `x-http-method-override: ${long(random.pick(['a,', 'GET,', ',', ' ']))}`,
    `accept: text/html\r\naccept-language: en${long(random.pick([' ', ';', ',', '-a', ';q=']))}x`,
    `cookie: ${long(random.pick([';', ' ', '=', '__Host-stripe402=;']))}`,
    `payment: ${long(random.pick(['e', '=', 'W', 'W1tb']))}`,
    `x-forwarded-for: ${long(random.pick([',', '1', ':', '::']))}`,
  ])
  const depth = 40_000 + random.int(9000)
  const body = random.pick(['['.repeat(depth) + ']'.repeat(depth), '['.repeat(depth), '{"a":'.repeat(9000)])
  return random.pick([
    `GET ${target} HTTP/1.1\r\nhost: shop\r\n\r\n`,
    `GET /api/weather HTTP/1.1\r\nhost: shop\r\n${header}\r\n\r\n`,
    `POST /api/notes HTTP/1.1\r\nhost: shop\r\npayment: ${NAMED}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  ])
}

const KINDS = [
  'payment_intent.succeeded',
  'payment_intent.canceled',
  'refund.updated',
  'charge.refunded',
  'charge.dispute.closed',
  'customer.created',
] as const

/** An event, changed as a whole or in its object; every second one is signed with the right secret. */
function* hooks(random: Random, count: number): Generator<string> {
  for (let at = 0; at < count; at += 1) {
    const object = {
      id: random.pick(['pi_1', 're_1', 'du_1']),
      metadata: { issuer: 'x' },
      status: 'succeeded',
    }
    const event = { id: 'evt_1', object: 'event', type: random.pick(KINDS), data: { object } }
    const whole = JSON.stringify({ ...event, data: { object: 0 } })
    const body = random.pick([
      mutateJson(random, event),
      whole.replace('{"object":0}', () => `{"object":${mutateJson(random, object)}}`),
    ])
    const signature =
      random.int(2) === 0
        ? stripe402.settings.stripe.webhooks.generateTestHeaderString({
            payload: body,
            secret: WEBHOOK_SECRET,
          })
        : `t=${random.int(2 ** 31)},v1=${wireValue(random).slice(0, 80)}`
    const bytes = Buffer.from(body).toString('latin1')
    yield `POST /.well-known/stripe402/webhook HTTP/1.1\r\nhost: shop\r\nstripe-signature: ${signature}\r\ncontent-length: ${bytes.length}\r\n\r\n${bytes}`
  }
}

/** Several connections at once, each kept and used in turn. */
async function flood(
  make: (random: Random, count: number) => Iterable<string>,
  count: number,
): Promise<Map<number, number>> {
  const total = new Map<number, number>()
  const connections = Array.from({ length: 8 }, (_, at) =>
    pipeline(port, make(randomFrom(SCALE.seed + at), Math.ceil(count / 8))),
  )
  for (const statuses of await Promise.all(connections))
    for (const [status, times] of statuses) total.set(status, (total.get(status) ?? 0) + times)
  return total
}

function described(statuses: Map<number, number>): string {
  return [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ')
}

describe('a server over HTTP', () => {
  it('answers every payment header near a valid one, never with a fault, and without keeping it', async () => {
    await flood(paidRequests, SCALE.http / 10)
    const before = usedMemory()
    const statuses = await flood(paidRequests, SCALE.http)
    const grown = usedMemory() - before
    console.log(`http: ${described(statuses)}; memory ${(grown / 1024).toFixed(0)} KiB`)
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
    expect(statuses.get(402)).toBeGreaterThan(SCALE.http / 4)
    expect(grown).toBeLessThan(MOST_GROWN)
    expect(unhandled).toEqual([])
  }, 600_000)

  it('answers what is as long as may be, never with a fault, and at next to no cost', async () => {
    const random = randomFrom(SCALE.seed)
    const costOf = async (request: string): Promise<number> => {
      const before = process.cpuUsage()
      for (const status of (await pipeline(port, [request])).keys())
        expect(status, request.slice(0, 100)).toBeLessThan(500)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    }
    for (let at = 0; at < SCALE.long; at += 1) {
      const request = longRequest(random)
      // The collector may be at work during one of them, and the compiler.
      const cost = (await costOf(request)) > MOST_MS ? await costOf(request) : 0
      expect(cost, request.slice(0, 100)).toBeLessThan(MOST_MS)
    }
    expect(unhandled).toEqual([])
  }, 600_000)

  it('answers every webhook near a valid one, signed or not, and never with a fault', async () => {
    const statuses = await flood(hooks, SCALE.webhook)
    console.log(`webhook: ${described(statuses)}`)
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
    expect(statuses.get(400)).toBeGreaterThan(SCALE.webhook / 4)
    expect(statuses.get(200)).toBeGreaterThan(SCALE.webhook / 20)
    expect(unhandled).toEqual([])
  }, 600_000)
})
