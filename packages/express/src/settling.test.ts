import { once } from 'node:events'
import { Agent, get as httpGet, type IncomingMessage, type RequestOptions } from 'node:http'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
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
  ['headers that Node refuses', (response) => void response.writeHead(200, { 'x-own': 'a\nb' }).end('ok')],
  ['a status that Node refuses', (response) => void response.writeHead(99).end('ok')],
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
    const clientId = await shop.topUp()
    handle = handler
    const reply = await shop.pay(path, { clientId }, { redirect: 'manual' })
    expect(reply.status).toBeLessThan(400)
    expect(reply.receipt).toMatchObject({ charged: 500, creditsRemaining: 49_500 })
    expect(await shop.account(clientId)).toMatchObject({ available: 49_500, held: 0, spent: 500 })
  })

  it.each(FAILED)('is released when the handler answers with %s', async (_how, handler) => {
    const clientId = await shop.topUp()
    handle = handler
    const reply = await shop.pay(path, { clientId })
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.receipt).toBeNull()
    expect(await shop.account(clientId)).toMatchObject({ available: 50_000, held: 0, spent: 0 })
  })

  it('is released when the client goes away before the first byte', async () => {
    const clientId = await shop.topUp()
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
    expect(await shop.account(clientId)).toMatchObject({ available: 50_000, held: 0 })
  })

  it('is captured when the stream breaks after the first byte, and streams as it comes', async () => {
    const clientId = await shop.topUp()
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
    expect(await shop.account(clientId)).toMatchObject({ available: 49_500, spent: 500 })
  })

  it('is captured when an answer has begun and the handler then throws', async () => {
    const clientId = await shop.topUp()
    handle = (response) => {
      response.write('first')
      throw new RangeError('too late')
    }
    const status = await shop.pay(path, { clientId }).then(
      (reply) => reply.status,
      () => 'cut off',
    )
    // The head went out as 200 before the fault: it may break, but never turn into a failure that was paid for.
    expect(['cut off', 200]).toContain(status)
    expect((await shop.account(clientId)).spent).toBe(500)
  })

  it('keeps what was paid for out of shared caches', async () => {
    const clientId = await shop.topUp()
    const cached = async (handler: Handler): Promise<Headers> => {
      handle = handler
      return (await shop.pay(path, { clientId })).headers
    }
    const file = fileURLToPath(import.meta.url)
    expect((await cached((response) => response.sendFile(file))).get('cache-control')).toBe(
      'private, max-age=0',
    )
    const own = await cached(
      (response) =>
        void response
          .writeHead(200, { 'Cache-Control': 'public, s-maxage=60, max-age=60', Vary: 'Accept-Language' })
          .end('ok'),
    )
    expect(own.get('cache-control')).toBe('private, max-age=60')
    expect(own.get('vary')).toMatch(/Accept-Language.*payment/)
    const none = await cached((response) => void response.set('cache-control', 'no-store').end('ok'))
    expect(none.get('cache-control')).toBe('no-store')
  })

  it('keeps headers that come in pairs, cookies too', async () => {
    const clientId = await shop.topUp()
    handle = (response) =>
      void response.writeHead(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2', 'x-own', '1']).end('ok')
    const { headers, receipt } = await shop.pay(path, { clientId })
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(headers.get('x-own')).toBe('1')
    expect(receipt?.charged).toBe(500)
  })

  it('tells the length of a body that is sent at once', async () => {
    const clientId = await shop.topUp()
    handle = (response) => void response.end('größe')
    const reply = await shop.pay(path, { clientId })
    expect([reply.text, reply.headers.get('content-length')]).toEqual(['größe', '7'])
  })

  it('lets a wrapper behind the gate see every byte', async () => {
    const clientId = await shop.topUp()
    handle = (response) => {
      shout(response)
      response.write('one ')
      // Once while the answer may be held back, and once when the capture is written.
      setImmediate(async () => {
        response.write('two ')
        await shop.stripe402.close()
        setImmediate(() => response.end('three'))
      })
    }
    expect((await shop.pay(path, { clientId })).text).toBe('ONE TWO THREE')
  })

  it('pipes a body that is larger than any buffer, and ends with trailers and a callback', async () => {
    const clientId = await shop.topUp()
    const size = 5 * 1024 * 1024
    let isFinished = false
    handle = (response) => {
      response.setHeader('trailer', 'x-sum')
      const source = Readable.from(
        (function* () {
          for (let sent = 0; sent < size; sent += 65_536) yield Buffer.alloc(65_536, 'a')
        })(),
      )
      source.pipe(response, { end: false })
      source.once('end', () => {
        response.addTrailers({ 'x-sum': 'all' })
        response.end(() => {
          isFinished = true
        })
      })
    }
    const reply = await open(shop.url + path, clientId)
    let received = 0
    for await (const chunk of reply) received += chunk.length
    expect(received).toBe(size)
    expect(reply.trailers).toEqual({ 'x-sum': 'all' })
    await expect.poll(() => isFinished).toBe(true)
  })

  it('answers one request after the other on a connection', async () => {
    const clientId = await shop.topUp()
    handle = (response) => void response.json({ ok: true })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const sockets = new Set<unknown>()
    for (let run = 0; run < 3; run += 1) {
      const reply = await open(shop.url + path, clientId, { agent })
      sockets.add(reply.socket)
      const chunks: Buffer[] = await reply.toArray()
      expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({ ok: true })
    }
    agent.destroy()
    expect(sockets.size).toBe(1)
    expect((await shop.account(clientId)).spent).toBe(1500)
  })

  it('is captured for HEAD, which has no body', async () => {
    const clientId = await shop.topUp()
    handle = (response) => void response.end('ok')
    const reply = await shop.pay(path, { clientId }, { method: 'HEAD' })
    expect([reply.status, reply.text, reply.receipt?.charged]).toEqual([200, '', 500])
  })

  it('leaves the order of a long body alone', async () => {
    const clientId = await shop.topUp()
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
    const clientId = await shop.topUp()
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

/** What compression does: stands behind the gate and changes what is written. */
function shout(response: Response): void {
  const { write, end } = response
  const loud = (args: unknown[]): unknown[] =>
    args.map((arg) => (typeof arg === 'string' ? arg.toUpperCase() : arg))
  response.write = (...args: unknown[]) => Reflect.apply(write, response, loud(args))
  response.end = (...args: unknown[]) => Reflect.apply(end, response, loud(args))
}

async function open(url: string, clientId: ClientId, options: RequestOptions = {}): Promise<IncomingMessage> {
  const headers = { [HEADERS.PAYMENT]: serializePayment({ clientId }) }
  const request = httpGet(url, { ...options, headers })
  const [message] = await once(request, 'response')
  message.on('error', () => {})
  return message
}
