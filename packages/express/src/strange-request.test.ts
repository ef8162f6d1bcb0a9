import { connect } from 'node:net'
import { HEADERS, serializePayment } from '@stripe402/core'
import { queryOf } from '@stripe402/server'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newRequestId } from './ids.fixture.js'
import { openShop, type Shop } from './shop.fixture.js'

let shop: Shop

beforeAll(async () => {
  shop = await openShop((app, paywall, served) => {
    app.post('/notes', express.json(), paywall.paymentRequired({ price: 100 }), (_request, response) => {
      served.push('note')
      response.json({})
    })
    app.get(
      '/images',
      paywall.paymentRequired({ price: ({ url }) => (queryOf(url).get('size') === 'small' ? 250 : 1000) }),
      (request, response) => void response.json({ charged: request.payment?.charged }),
    )
  })
})
afterAll(() => shop.stop())

/** The status of a request line that no client would send. */
function statusOf(target: string, headers: Record<string, string> = {}): Promise<number> {
  const { port, hostname } = new URL(shop.url)
  const lines = Object.entries({ host: 'shop', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`)
    })
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(text.slice(9, 12))))
  })
}

describe('a request id for a body that no stack is deep enough for', () => {
  const body = '['.repeat(45_000) + ']'.repeat(45_000)
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }

  it('is answered 400, and neither a card nor a balance pays', async () => {
    const clientId = await shop.topUp()
    const before = shop.charges()
    for (const payment of [{ clientId }, { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }]) {
      const reply = await shop.pay('/notes', { ...payment, requestId: newRequestId() }, init)
      expect(reply.status).toBe(400)
      expect(JSON.parse(reply.text)).toMatchObject({ status: 400 })
    }
    expect(shop.served).toEqual([])
    expect(shop.charges()).toEqual(before)
    expect((await shop.pay('/notes', { clientId }, init)).status).toBe(200)
  })
})

describe('the history', () => {
  it.each([
    'http://h:99999/.well-known/stripe402/history?limit=1',
    'http://[::1/.well-known/stripe402/history',
    'http://h%/.well-known/stripe402/history',
  ])('is told whatever stands before the path: %s', async (target) => {
    const payment = serializePayment({ clientId: await shop.topUp() })
    const status = await statusOf(target, { [HEADERS.PAYMENT]: payment })
    // Express 4 and 5 take some of these for no path at all.
    expect([200, 404]).toContain(status)
    expect(await statusOf(target)).toBeLessThan(500)
  })
})

describe('queryOf', () => {
  it.each([
    ['/images', null],
    ['/images?size=small', 'small'],
    ['/images?size=sm%61ll&a=1', 'small'],
    ['/images?a=?&size=small#size=large', 'small'],
    ['/images#?size=small', null],
    ['http://h:99999/images?size=small', 'small'],
  ])('reads %s', (url, size) => {
    expect(queryOf(url).get('size')).toBe(size)
  })

  it('lets a price and its handler read the same', async () => {
    const clientId = await shop.topUp()
    for (const [query, charged] of [
      ['size=small', 250],
      ['size=l%61rge', 1000],
      ['size=large', 1000],
      ['', 1000],
    ])
      expect(JSON.parse((await shop.pay(`/images?${query}`, { clientId })).text)).toEqual({ charged })
  })
})
