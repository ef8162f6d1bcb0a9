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
      app.use('/foreign-behind', paid, Router().use(foreign().get('/', serve)))
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

/** What one request with a new client's credit was answered, told and charged. */
async function visit(
  path: string,
): Promise<{ status: number; charged: unknown; info: unknown; spent: number; held: number }> {
  clientId = await shop.topUp()
  seen.length = 0
  const before = await shop.account(clientId)
  const reply = await shop.pay(path, { clientId })
  const { spent, held } = await shop.account(clientId)
  return {
    status: reply.status,
    charged: reply.receipt?.charged,
    info: seen[0],
    spent: spent - before.spent,
    held,
  }
}

describe('a paid response', () => {
  it.each(['/mounted', '/unmounted', '/foreign-around'])(
    'of an app at %s is captured and knows its payment',
    async (path) => {
      const { info, ...rest } = await visit(path)
      expect(rest).toEqual({ status: 200, charged: 500, spent: 500, held: 0 })
      expect(info).toMatchObject({ clientId, charged: 500, currency: 'usd' })
    },
  )

  it('is captured when an app of another Express answers past the gate', async () => {
    expect(await visit('/foreign-behind')).toMatchObject({ status: 200, spent: 500, held: 0 })
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
