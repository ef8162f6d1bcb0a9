import { MemoryStore, type PriceOptions } from '@stripe402/server'
import express, { type Express } from 'express'
import { describe, expect, it } from 'vitest'
import { type ExpressPaywall, expressPaywall } from '../express-paywall.js'
import { quietEngine } from '../quiet-engine.fixture.js'
import { sendInProcess } from './in-process.fixture.js'

/** What Express takes for leave to go on, and what may also be thrown. */
const THROWN: readonly unknown[] = [undefined, null, 0, '', false, 'route', 'router', Number.NaN, {}]

interface Hooks {
  warn?: () => void
  onEvent?: () => void
  /** Breaks the store, so that there is a fault to tell. */
  isBroken?: boolean
}

function paywallWith({ warn = () => {}, onEvent = () => {}, isBroken = false }: Hooks): ExpressPaywall {
  const store = new MemoryStore()
  if (isBroken) store.start = () => Promise.reject(new Error('the store is away'))
  return expressPaywall(quietEngine({ store, onEvent, logger: { warn, error: warn } }))
}

/** An app that says what its error handler was given, and how often the paid handler and the one behind it ran. */
async function ask(mount: (app: Express, serve: express.RequestHandler) => void) {
  const app = express()
  const faults: unknown[] = []
  let runs = 0
  const serve: express.RequestHandler = (_request, response) => {
    runs += 1
    response.status(200).end()
  }
  mount(app, serve)
  app.use(serve)
  app.use(
    (error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      faults.push(error)
      response.status(500).end()
    },
  )
  const headers = { 'x-forwarded-for': '203.0.113.7' }
  const status = await sendInProcess(app, { method: 'GET', target: '/paid', headers })
  return { status, runs, faults }
}

const PRICES: readonly [string, (thrown: unknown) => PriceOptions][] = [
  ['a price that rejects', (thrown) => ({ price: () => Promise.reject(thrown) })],
  [
    'a price that throws',
    (thrown) => ({
      price: () => {
        throw thrown
      },
    }),
  ],
  [
    'a description that throws',
    (thrown) => ({
      price: 100,
      description: () => {
        throw thrown
      },
    }),
  ],
]

describe('a gate', () => {
  describe.each(PRICES)('before %s', (_case, options) => {
    it.each(THROWN)('stays closed and tells of an error: %j', async (thrown) => {
      const { paymentRequired, routes } = paywallWith({})
      for (const mount of [
        (app: Express, serve: express.RequestHandler) =>
          app.get('/paid', paymentRequired(options(thrown)), serve),
        (app: Express, serve: express.RequestHandler) =>
          app.use('/paid', paymentRequired(options(thrown)), express.Router().use(serve)),
        (app: Express, serve: express.RequestHandler) =>
          app.use(routes({ 'GET /paid': options(thrown) })).get('/paid', serve),
      ]) {
        const { status, runs, faults } = await ask(mount)
        expect({ status, runs }).toEqual({ status: 500, runs: 0 })
        expect(faults).toEqual([expect.any(Error)])
        expect(faults[0]).toHaveProperty('cause', thrown)
      }
    })
  })

  it('hands an error on as it is', async () => {
    const fault = Object.assign(new Error('away'), { status: 503 })
    const { paymentRequired } = paywallWith({})
    const gate = paymentRequired({ price: () => Promise.reject(fault) })
    const { faults } = await ask((app, serve) => app.get('/paid', gate, serve))
    expect(faults[0]).toBe(fault)
  })

  it.each(THROWN)('stays closed when a listener and a logger throw %j', async (thrown) => {
    const tell = (): never => {
      throw thrown
    }
    for (const isBroken of [true, false]) {
      const { paymentRequired, routes } = paywallWith({ warn: tell, onEvent: tell, isBroken })
      for (const mount of [
        (app: Express, serve: express.RequestHandler) =>
          app.get('/paid', paymentRequired({ price: 100 }), serve),
        (app: Express, serve: express.RequestHandler) =>
          app
            .use(routes({ 'GET /paid': { price: 100 }, 'GET /misspelt': { price: 100 } }))
            .get('/paid', serve),
      ]) {
        const { status, runs } = await ask(mount)
        expect(runs).toBe(0)
        expect(status).toBeGreaterThanOrEqual(402)
      }
    }
  })
})
