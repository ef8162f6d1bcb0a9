import { createRequire } from 'node:module'
import type { ClientId } from '@stripe402/core'
import { MemoryStore } from '@stripe402/server'
import express, { type Response, Router } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

/** The copy of Express that this package does not import. */
const foreign = foreignExpress()
const seen: unknown[] = []

let shop: Shop
let clientId: ClientId
/** What something other than its handler has begun to answer. */
let answered: Response | undefined

beforeAll(async () => {
  const store = new MemoryStore()
  const release = store.release.bind(store)
  store.release = (...hold) => {
    answered?.end('late')
    answered = undefined
    return release(...hold)
  }
  shop = await openShop(
    (app, paywall) => {
      const paid = paywall.paymentRequired({ price: 500 })
      const serve = (request: express.Request, response: Response): void => {
        seen.push(request.payment)
        response.json({ ok: true })
      }
      app.use('/mounted', paid, express().get('/', serve))
      // A router mounts no app: it becomes the response's only owner, and stays it.
      app.use('/unmounted', paid, Router().use(express().get('/', serve)))
      const another = paywall.paymentRequired({ price: 500 })
      app.use('/foreign-behind', another, Router().use(foreign().get('/', serve)))
      app.use('/foreign-twice', paid, Router().use(foreign().get('/', paid, serve)))
      const mixed = Router().get('/own', serve)
      app.use(
        '/mixed',
        paywall.paymentRequired({ price: 500 }),
        mixed.use('/foreign', foreign().get('/', serve)),
      )
      const later: express.RequestHandler = (_request, _response, next) => void setImmediate(next)
      const late = Router().get('/own', later, serve)
      app.use(
        '/late',
        paywall.paymentRequired({ price: 500 }),
        late.use('/foreign', foreign().get('/', later, serve)),
      )
      app.use('/foreign-around', Router().use(foreign().get('/', paid, serve)))
      app.get('/free', serve)
      app.get(
        '/own-use',
        (request, _response, next) => {
          Object.assign(request, { payment: 'my own' })
          next()
        },
        serve,
      )
      const answer: express.RequestHandler = (_request, response, next) => {
        response.status(503).write('too ')
        answered = response
        next()
      }
      app.get('/timed-out', answer, paid, serve)
      app.use('/foreign-timed-out', Router().use(foreign().get('/', answer, paid, serve)))
    },
    { store },
  )
})
afterAll(() => shop.stop())

interface Visit {
  status: number
  charged: unknown
  cacheControl: string | null
  info: unknown
  spent: number
  held: number
}

/** What one request with a new client's credit was answered, told and charged. */
async function visit(path: string): Promise<Visit> {
  clientId = await shop.topUp()
  seen.length = 0
  const before = await shop.account(clientId)
  const reply = await shop.pay(path, { clientId })
  const { spent, held } = await shop.account(clientId)
  return {
    status: reply.status,
    charged: reply.receipt?.charged,
    cacheControl: reply.headers.get('cache-control'),
    info: seen[0],
    spent: spent - before.spent,
    held,
  }
}

describe('a paid response', () => {
  it.each(['/mounted', '/unmounted', '/foreign-around'])(
    'of an app at %s is captured and knows its payment',
    async (path) => {
      const { info, cacheControl, ...rest } = await visit(path)
      expect(cacheControl).toBe('private')
      expect(rest).toEqual({ status: 200, charged: 500, spent: 500, held: 0 })
      expect(info).toMatchObject({ clientId, charged: 500, currency: 'usd' })
    },
  )

  it('is captured and labelled, each time, when an app of another Express answers behind the gate', async () => {
    for (let at = 0; at < 3; at += 1) {
      const { info, cacheControl, ...rest } = await visit('/foreign-behind')
      expect(rest).toEqual({ status: 200, charged: 500, spent: 500, held: 0 })
      expect(cacheControl).toBe('private')
      expect(info).toMatchObject({ clientId, charged: 500 })
    }
  })

  it('is captured for both prices when another Express has a gate of its own behind the gate', async () => {
    expect(await visit('/foreign-twice')).toMatchObject({ status: 200, charged: 500, spent: 1000, held: 0 })
  })

  it('is paid for behind a gate before apps of both, and labelled once they are known to be there', async () => {
    for (const path of ['/mixed/own', '/mixed/own', '/mixed/foreign'])
      expect(await visit(path)).toMatchObject({ status: 200, spent: 500, held: 0 })
    for (const path of ['/mixed/foreign', '/mixed/own', '/mixed/foreign', '/late/own', '/late/foreign'])
      expect(await visit(path)).toMatchObject({
        status: 200,
        charged: 500,
        spent: 500,
        cacheControl: 'private',
      })
  })

  it.each(['/timed-out', '/foreign-timed-out'])(
    'is free when something else has answered before the gate lets it pass, and its handler does not run: %s',
    async (path) => {
      expect(await visit(path)).toMatchObject({ status: 503, spent: 0, held: 0 })
      expect(seen).toEqual([])
    },
  )
})

describe('request.payment', () => {
  it('is undefined where nothing is paid', async () => {
    expect((await visit('/free')).info).toBeUndefined()
  })

  it('is what an app makes of it', async () => {
    expect((await visit('/own-use')).info).toBe('my own')
  })
})

function foreignExpress(): typeof express {
  const require = createRequire(import.meta.url)
  const copies: (typeof express)[] = [require('express'), require('express4')]
  const other = copies.find(({ response }) => response !== express.response)
  if (!other) throw new Error('both are the same Express')
  return other
}
