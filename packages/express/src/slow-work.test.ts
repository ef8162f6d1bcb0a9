import { request as httpRequest, type IncomingMessage } from 'node:http'
import { type ClientId, HEADERS, serializePayment } from '@stripe402/core'
import { MemoryStore, type Stripe402Event } from '@stripe402/server'
import express, { type Response } from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newRequestId } from './ids.fixture.js'
import { openShop, type Shop } from './shop.fixture.js'

const HOLD_MS = 300_000
const PRICE = 40_000

let nowMs: number
let ticks: (() => void)[]
let events: Stripe402Event[]
let working: Response[]
let shop: Shop
let clientId: ClientId

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1)
  ticks = []
  events = []
  working = []
  shop = await openShop(
    (app, { paymentRequired }) => {
      for (const settle of ['after-response', 'before-response'] as const)
        app.post(
          `/${settle}`,
          paymentRequired({ price: PRICE, settle }),
          express.text({ type: '*/*' }),
          (request, response) => void response.json({ paid: request.body }),
        )
      app.get('/job', paymentRequired({ price: PRICE }), (_request, response) => {
        working.push(response)
      })
      app.get('/other', paymentRequired({ price: PRICE }), (_request, response) => void response.end('other'))
    },
    {
      store: new MemoryStore({ clock: () => nowMs }),
      holdMs: HOLD_MS,
      onEvent: (event) => void events.push(event),
      runtime: {
        every(_ms, task) {
          ticks.push(task)
          return () => {}
        },
      },
    },
  )
  clientId = await shop.topUp()
})
afterEach(() => shop.stop())

interface Upload {
  finish(): Promise<{ status: number; text: string }>
}

/** Sends the half of a body, and waits until its price is held. */
async function beginUpload(path: string): Promise<Upload> {
  const headers = {
    [HEADERS.PAYMENT]: serializePayment({ clientId }),
    'content-type': 'text/plain',
    'content-length': 4,
  }
  const sent = httpRequest(shop.url + path, { method: 'POST', headers })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject)
  })
  sent.write('ha')
  await isHeld()
  return {
    async finish() {
      sent.end('lf')
      const answer = await answered
      let text = ''
      for await (const chunk of answer.setEncoding('utf8')) text += chunk
      return { status: answer.statusCode ?? 0, text }
    },
  }
}

async function isHeld(): Promise<void> {
  const held = async (): Promise<number> => (await shop.store.account({ clientId, currency: 'usd' })).held
  await expect.poll(held).toBe(PRICE)
}

/** Lets a third of a hold pass, and what runs every so often run. */
async function passThird(): Promise<void> {
  nowMs += HOLD_MS / 3
  for (const tick of ticks) tick()
  // A turn of the event loop: what a store in memory does is done.
  await new Promise((resolve) => setImmediate(resolve))
}

const typesOf = (): string[] =>
  events.map(({ type }) => type).filter((type) => ['captured', 'released', 'lost'].includes(type))

describe('a hold that ran out while the handler worked', () => {
  it.each(['/after-response', '/before-response'])('is taken again when %s answers', async (path) => {
    const upload = await beginUpload(path)
    nowMs += HOLD_MS + 1
    expect(await upload.finish()).toEqual({ status: 200, text: '{"paid":"half"}' })
    expect(await shop.account(clientId)).toMatchObject({ available: 10_000, held: 0, spent: PRICE })
    expect(typesOf()).toEqual(['captured'])
  })

  it('is a loss that the seller hears of, where the balance went elsewhere', async () => {
    const upload = await beginUpload('/after-response')
    nowMs += HOLD_MS + 1
    expect((await shop.pay('/other', { clientId })).status).toBe(200)
    expect((await upload.finish()).status).toBe(200)
    expect(await shop.account(clientId)).toMatchObject({ available: 10_000, held: 0, spent: PRICE })
    expect(typesOf()).toEqual(['captured', 'lost'])
  })

  it('keeps back an answer that wants to be captured first, where the balance went elsewhere', async () => {
    const upload = await beginUpload('/before-response')
    nowMs += HOLD_MS + 1
    expect((await shop.pay('/other', { clientId })).status).toBe(200)
    const { status, text } = await upload.finish()
    expect(status).toBe(503)
    expect(JSON.parse(text)).toMatchObject({ errorCode: 'unavailable' })
    expect(await shop.account(clientId)).toMatchObject({ available: 10_000, held: 0, spent: PRICE })
    expect(typesOf()).toEqual(['captured', 'released'])
  })
})

describe('an answer that wants to be captured first', () => {
  it('is kept back while the store does not take the price', async () => {
    shop.store.capture = () => Promise.reject(new Error('the store is gone'))
    const upload = await beginUpload('/before-response')
    const { status, text } = await upload.finish()
    expect(status).toBe(503)
    expect(text).not.toContain('half')
  })
})

describe('a hold', () => {
  it('lasts as long as its handler works, and ends with it', async () => {
    const answered = shop.pay('/job', { clientId })
    await isHeld()
    for (let third = 0; third < 12; third += 1) await passThird()
    expect(await shop.store.releaseExpired(10)).toBe(0)
    expect((await shop.pay('/other', { clientId })).challenge?.error).toBe('insufficient_credits')
    working[0]?.end('done')
    expect((await answered).status).toBe(200)
    expect(await shop.account(clientId)).toMatchObject({ available: 10_000, held: 0, spent: PRICE })
  })

  it('goes back at once when its handler fails after it was renewed', async () => {
    const answered = shop.pay('/job', { clientId })
    await isHeld()
    for (let third = 0; third < 6; third += 1) await passThird()
    working[0]?.status(500).end()
    expect((await answered).status).toBe(500)
    expect(await shop.account(clientId)).toMatchObject({ available: 50_000, held: 0, spent: 0 })
    for (let third = 0; third < 6; third += 1) await passThird()
    expect(await shop.account(clientId)).toMatchObject({ available: 50_000, held: 0 })
  })

  it('lasts for two requests under one id, which both work', async () => {
    const requestId = newRequestId()
    const first = shop.pay('/job', { clientId, requestId })
    await isHeld()
    const second = shop.pay('/job', { clientId, requestId })
    await expect.poll(() => working.length).toBe(2)
    for (let third = 0; third < 6; third += 1) await passThird()
    expect(await shop.store.releaseExpired(10)).toBe(0)
    for (const response of working) response.end('done')
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    expect(await shop.account(clientId)).toMatchObject({ available: 10_000, held: 0, spent: PRICE })
  })
})
