import { once } from 'node:events'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { type ClientId, HEADERS, readPaymentResponse, serializePayment } from '@stripe402/core'
import { type Capture, MemoryStore } from '@stripe402/server'
import type { Response } from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from './shop.fixture.js'

type Handler = (response: Response) => void

let shop: Shop
let handle: Handler
let store: MemoryStore
let captureGate: Promise<void>

beforeEach(async () => {
  store = new MemoryStore()
  captureGate = Promise.resolve()
  const capture = store.capture.bind(store)
  store.capture = async (captures: readonly Capture[]) => {
    await captureGate
    return capture(captures)
  }
  shop = await openShop(
    (app, paywall, served) => {
      const serve = (_request: unknown, response: Response): void => {
        served.push('run')
        handle(response)
      }
      app.get('/after', paywall.paymentRequired({ price: 500 }), serve)
      app.get('/before', paywall.paymentRequired({ price: 500, settle: 'before-response' }), serve)
    },
    { store },
  )
})
afterEach(() => shop.stop())

const SERVED: [string, Handler][] = [
  ['json', (response) => void response.json({ ok: true })],
  ['send', (response) => void response.send('ok')],
  ['end', (response) => void response.end('ok')],
  [
    'write and end',
    (response) => {
      response.write('o')
      response.end('k')
    },
  ],
  ['writeHead', (response) => void response.writeHead(200, { 'x-own': '1' }).end('ok')],
  ['writeHead with a reason', (response) => void response.writeHead(200, 'Fine').end('ok')],
  ['writeHead with raw headers', (response) => void response.writeHead(200, ['x-own', '1']).end('ok')],
  [
    'flushHeaders first',
    (response) => {
      response.flushHeaders()
      response.end('ok')
    },
  ],
  ['a redirect', (response) => response.redirect(303, '/elsewhere')],
  ['304', (response) => void response.status(304).end()],
  ['204', (response) => void response.sendStatus(204)],
  [
    'early hints first',
    (response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.end('ok')
    },
  ],
]
const FAILED: [string, Handler][] = [
  ['status 404', (response) => void response.status(404).json({})],
  ['status 500', (response) => void response.status(500).end()],
  ['writeHead(500)', (response) => void response.writeHead(500).end('no')],
  [
    'a throw',
    () => {
      throw new RangeError('no')
    },
  ],
]

describe.each(['/after', '/before'])('a grant on %s', (path) => {
  it.each(SERVED)('is captured once when the handler answers with %s', async (_how, handler) => {
    const clientId = await topUp()
    handle = handler
    const reply = await shop.pay(path, { clientId }, { redirect: 'manual' })
    expect(reply.status).toBeLessThan(400)
    expect(reply.receipt).toMatchObject({ charged: 500, creditsRemaining: 49_500 })
    expect(await account(clientId)).toMatchObject({ available: 49_500, held: 0, spent: 500 })
  })

  it.each(FAILED)('is released when the handler answers with %s', async (_how, handler) => {
    const clientId = await topUp()
    handle = handler
    const reply = await shop.pay(path, { clientId })
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.receipt).toBeNull()
    expect(await account(clientId)).toMatchObject({ available: 50_000, held: 0, spent: 0 })
  })

  it('is released when the client goes away before the first byte', async () => {
    const clientId = await topUp()
    const started = new Promise<Response>((resolve) => {
      handle = resolve
    })
    const request = httpGet(shop.url + path, {
      headers: { [HEADERS.PAYMENT]: serializePayment({ clientId }) },
    })
    request.on('error', () => {})
    const response = await started
    const closed = once(response, 'close')
    request.destroy()
    await closed
    expect(await account(clientId)).toMatchObject({ available: 50_000, held: 0 })
  })

  it('is captured when the stream breaks after the first byte, and streams as it comes', async () => {
    const clientId = await topUp()
    const running = new Promise<Response>((resolve) => {
      handle = (response) => {
        response.write('first')
        resolve(response)
      }
    })
    const reply = await open(shop.url + path, clientId)
    const response = await running
    const [chunk] = await once(reply, 'data')
    expect(String(chunk)).toBe('first')
    expect(response.writableEnded).toBe(false)
    const receipt = readPaymentResponse(String(reply.headers[HEADERS.PAYMENT_RESPONSE]))
    expect(receipt.ok && receipt.value.charged).toBe(500)
    response.destroy()
    expect(await account(clientId)).toMatchObject({ available: 49_500, spent: 500 })
  })

  it('leaves the order of a long body alone', async () => {
    const clientId = await topUp()
    const parts = Array.from({ length: 200 }, (_, index) => `${index};`)
    handle = (response) => {
      for (const part of parts) response.write(part)
      response.end('end')
    }
    const reply = await shop.pay(path, { clientId })
    expect(reply.text).toBe(`${parts.join('')}end`)
  })
})

describe('settle: before-response', () => {
  it('sends nothing until the capture is written', async () => {
    const clientId = await topUp()
    let openGate = (): void => {}
    captureGate = new Promise((resolve) => {
      openGate = resolve
    })
    handle = (response) => void response.json({ ok: true })
    let isAnswered = false
    const before = shop.pay('/before', { clientId }).then((reply) => {
      isAnswered = true
      return reply
    })
    // A request that does not wait for its capture overtakes it.
    expect((await shop.pay('/after', { clientId })).status).toBe(200)
    expect(isAnswered).toBe(false)
    openGate()
    expect((await before).status).toBe(200)
  })
})

async function open(url: string, clientId: ClientId): Promise<IncomingMessage> {
  const request = httpGet(url, { headers: { [HEADERS.PAYMENT]: serializePayment({ clientId }) } })
  const [message] = await once(request, 'response')
  message.on('error', () => {})
  return message
}

async function topUp(): Promise<ClientId> {
  const { receipt } = await shop.get('/.well-known/stripe402/top-up', {
    method: 'POST',
    headers: {
      [HEADERS.PAYMENT]: serializePayment({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }),
    },
  })
  if (!receipt) throw new Error('the top-up was refused')
  return receipt.clientId
}

async function account(clientId: ClientId): ReturnType<MemoryStore['account']> {
  await shop.stripe402.close()
  return store.account({ clientId, currency: 'usd' })
}
