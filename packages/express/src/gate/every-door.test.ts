import { type ClientId, HEADERS, isClientId, serializePayment } from '@stripe402/core'
import { MemoryStore } from '@stripe402/server'
import express, { type Express, type RequestHandler } from 'express'
import { beforeAll, describe, expect, it } from 'vitest'
import { expressPaywall } from '../express-paywall.js'
import { quietEngine } from '../quiet-engine.fixture.js'
import { sendInProcess } from './in-process.fixture.js'
import { type Gates, MOUNTS, type Mount, mapOf } from './mounts.fixture.js'
import { variantsOf } from './variants.fixture.js'

const store = new MemoryStore()
const paywall = expressPaywall(quietEngine({ store }))
const paid: Gates = {
  gate: () => paywall.paymentRequired({ price: 100 }),
  routes: (keys) => paywall.routes(mapOf(keys, 100)),
}
const open: RequestHandler = (_request, _response, next) => next()
const free: Gates = { gate: () => open, routes: () => open }

beforeAll(() =>
  store.credit({
    clientId: payer(),
    currency: 'usd',
    units: 1_000_000_000,
    paymentIntentId: 'pi_payer',
    purchaseId: null,
  }),
)

function payer(): ClientId {
  const id = 'ab'.repeat(32)
  if (!isClientId(id)) throw new TypeError('not a client id')
  return id
}

/** An app with one handler, and how often it ran. */
function openApp({ mount }: Mount, gates: Gates): { app: Express; runs: () => number } {
  let runs = 0
  const app = express()
  mount(app, gates, (_request, response) => {
    runs += 1
    response.status(200).end()
  })
  // Express answers faults with a page of its own; its console stays quiet.
  app.use(
    (_error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(400).end()
    },
  )
  return { app, runs: () => runs }
}

describe('a paid handler', () => {
  it('is mounted in fifteen ways and asked for in 240', () => {
    expect(MOUNTS.length).toBe(15)
    for (const { path } of MOUNTS)
      expect(new Set(variantsOf(path).map((variant) => JSON.stringify(variant))).size).toBe(240)
  })

  it.each(MOUNTS)('runs only for who has paid, and for all of those: $name', async (mount) => {
    const bare = openApp(mount, free)
    const gated = openApp(mount, paid)
    const payment = { [HEADERS.PAYMENT]: serializePayment({ clientId: payer() }) }
    let served = 0
    for (const variant of variantsOf(mount.path)) {
      const asked = `${JSON.stringify(variant)}`
      const bareBefore = bare.runs()
      await sendInProcess(bare.app, variant)
      const isServed = bare.runs() > bareBefore
      if (isServed) served += 1

      const gatedBefore = gated.runs()
      const unpaid = await sendInProcess(gated.app, variant)
      expect(gated.runs(), `unpaid ${asked}`).toBe(gatedBefore)
      // A map answers by itself what it cannot decode, and a handler might.
      const isRefused = unpaid === 400 && mount.name.startsWith('a map') && variant.target.endsWith('%')
      if (isServed && !isRefused) expect(unpaid, asked).toBe(402)

      const status = await sendInProcess(gated.app, {
        ...variant,
        headers: { ...variant.headers, ...payment },
      })
      expect(gated.runs() - gatedBefore, `paid ${asked}: ${status}`).toBe(isServed && !isRefused ? 1 : 0)
    }
    expect(served).toBeGreaterThan(4)
  })
})
