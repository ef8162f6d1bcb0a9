import { once } from 'node:events'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { type ClientId, HEADERS, type RequestId, serializePayment } from '@stripe402/core'
import { StoreUnavailableError } from '@stripe402/server'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newRequestId } from './ids.fixture.js'
import { openShop, type Reply, type Shop } from './shop.fixture.js'

let shop: Shop
let clientId: ClientId
let requestId: RequestId

beforeEach(async () => {
  shop = await openShop((app, { paymentRequired }, served) => {
    const price = paymentRequired({ price: 100 })
    const parse = express.json()
    app.post('/unread', price, parse, (request, response) => {
      served.push(JSON.stringify(request.body))
      response.json({ echo: request.body })
    })
    app.post('/read', parse, price, (request, response) => {
      served.push(JSON.stringify(request.body))
      response.json({ echo: request.body })
    })
    app.post('/cut', price, parse, (request, response) => {
      served.push(JSON.stringify(request.body))
      // Begun, and never ended.
      response.write('beginning')
    })
  })
  clientId = await shop.topUp()
  requestId = newRequestId()
})
afterEach(() => shop.stop())

function post(path: string, body: string): Promise<Reply> {
  const headers = { 'content-type': 'application/json' }
  return shop.pay(path, { clientId, requestId }, { method: 'POST', body, headers })
}

/** Asks, reads the beginning of the answer, and is gone. */
async function leave(path: string, body: string): Promise<void> {
  const sent = await begin(path, body)
  sent.destroy()
}

/** Asks, and reads the beginning of the answer. */
async function begin(path: string, body: string): Promise<ClientRequest> {
  const sent = httpRequest(shop.url + path, {
    method: 'POST',
    headers: {
      [HEADERS.PAYMENT]: serializePayment({ clientId, requestId }),
      'content-type': 'application/json',
      'content-length': body.length,
    },
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject)
  })
  sent.end(body)
  const answer = await answered
  await once(answer, 'data')
  answer.on('error', () => {})
  return sent
}

/** Once the server has noted that a client left. */
function untilCut(): Promise<void> {
  return new Promise((resolve) => {
    const mark = shop.store.mark.bind(shop.store)
    shop.store.mark = async (marks) => {
      const results = await mark(marks)
      if (marks.some(({ name, most }) => name.startsWith('cut:') && most > 0)) resolve()
      return results
    }
  })
}

describe('a request id whose request was answered', () => {
  it('is no second answer for another body that nobody had read', async () => {
    expect((await post('/unread', '{"q":"first"}')).status).toBe(200)
    const again = await post('/unread', '{"q":"other"}')
    expect([again.status, again.challenge?.error ?? JSON.parse(again.text).errorCode]).toEqual([
      expect.any(Number),
      'invalid_payment',
    ])
    expect(shop.served).toEqual(['{"q":"first"}'])
    expect(await shop.account(clientId)).toMatchObject({ spent: 100, held: 0 })
  })

  it('is none however soon it comes, while the price of the first is still on its way to the store', async () => {
    const capture = shop.store.capture.bind(shop.store)
    shop.store.capture = async (captures) => {
      await setTimeout(100)
      return capture(captures)
    }
    expect((await post('/unread', '{"q":"first"}')).status).toBe(200)
    expect((await post('/unread', '{"q":"other"}')).status).not.toBe(200)
    expect(shop.served).toEqual(['{"q":"first"}'])
    expect(await shop.account(clientId)).toMatchObject({ spent: 100, held: 0 })
  })

  it('is answered again for the same body, where that had been read', async () => {
    expect((await post('/read', '{"q":"first"}')).status).toBe(200)
    expect((await post('/read', '{"q":"other"}')).status).not.toBe(200)
    expect((await post('/read', '{"q":"first"}')).status).toBe(200)
    expect(await shop.account(clientId)).toMatchObject({ spent: 100, held: 0 })
  })

  it('is answered again where the first answer was cut off, however early it was asked for, and no third time', async () => {
    const cut = untilCut()
    const sent = await begin('/cut', '{"q":"first"}')
    // The connection is dead, and the server has not seen it yet.
    for (let early = 0; early < 3; early += 1)
      expect((await post('/cut', '{"q":"first"}')).challenge?.error).toBe('invalid_payment')
    sent.destroy()
    await cut
    await leave('/cut', '{"q":"first"}')
    expect(shop.served).toHaveLength(2)
    expect((await post('/cut', '{"q":"first"}')).status).not.toBe(200)
    expect(await shop.account(clientId)).toMatchObject({ spent: 100, held: 0 })
  })

  it('is answered again where the store could not be asked whether the first answer was cut off', async () => {
    const cut = untilCut()
    const sent = await begin('/cut', '{"q":"first"}')
    const { mark } = shop.store
    shop.store.mark = () => Promise.reject(new StoreUnavailableError('The store cannot be reached.'))
    expect((await post('/cut', '{"q":"first"}')).status).toBe(503)
    shop.store.mark = mark
    sent.destroy()
    await cut
    await leave('/cut', '{"q":"first"}')
    expect(shop.served).toHaveLength(2)
  })

  it('is answered again where the first answer was cut off, and no third time', async () => {
    const cut = untilCut()
    await leave('/cut', '{"q":"first"}')
    await cut
    await leave('/cut', '{"q":"first"}')
    expect(shop.served).toHaveLength(2)
    expect((await post('/cut', '{"q":"first"}')).status).not.toBe(200)
    expect(await shop.account(clientId)).toMatchObject({ spent: 100, held: 0 })
  })
})
