import { isClientId, readPayment } from '@stripe402/core'
import { describe, expect, test } from 'vitest'
import { type Client, createClient } from './client.js'
import { memoryKeys } from './device-keys.js'
import type { PayableRequest, Prove, Reply } from './payable-request.js'
import { committed } from './reservation.js'
import { sendOnce, sendWithAccount } from './send-once.js'
import { asked } from './testing/asked.fixture.js'
import { openShop } from './testing/shop.fixture.js'

const shop = openShop()
const url = new URL(shop.url('/echo'))
const clientId = 'a'.repeat(64)
if (!isClientId(clientId)) throw new Error('64 hexadecimal digits are a client id')
const details = { clientId, currency: 'usd' }
const reply: Reply = { status: 200, url: url.href, headers: { get: () => null } }

interface Leaving {
  header: string | null
  url: string
  prove: Prove | undefined
}

function clientWith(isProofDue: boolean): Client {
  return createClient({
    store: asked(shop, '/echo', { isProofDue }),
    deviceKeys: memoryKeys(),
    origins: [shop.origin],
  })
}

/** A request, and what left for the network. */
function outgoing(more: Partial<PayableRequest> = {}): { request: PayableRequest; left: Leaving[] } {
  const left: Leaving[] = []
  const request: PayableRequest = {
    url,
    method: 'GET',
    isReplayable: true,
    async send(header, target, prove) {
      left.push({ header, url: target, prove })
      return reply
    },
    ...more,
  }
  return { request, left }
}

const spent = (client: Client): number => committed(client, { origin: shop.origin, currency: 'usd' }).today

describe('sendOnce', () => {
  test('leaves in the very task of the call where nothing has to be signed', async () => {
    const { request, left } = outgoing()
    const sending = sendOnce(clientWith(false), request, { details, url: `${url.href}?moved` })
    expect(left.map((one) => [one.url, one.prove])).toEqual([[`${url.href}?moved`, undefined]])
    expect(readPayment(left[0]?.header ?? '')).toMatchObject({ ok: true, value: details })
    expect((await sending).payment?.proof).toBeUndefined()
  })

  test('carries nothing where there is nothing to show', async () => {
    const { request, left } = outgoing()
    const { payment } = await sendOnce(clientWith(false), request, { details: null })
    expect([payment, left[0]?.header]).toEqual([null, null])
  })

  test('sets the price aside until it is released, once', async () => {
    const client = clientWith(false)
    const { request } = outgoing()
    const sending = sendOnce(client, request, { details, units: 300 })
    expect(spent(client)).toBe(300)
    const { release } = await sending
    expect(spent(client)).toBe(300)
    release?.()
    release?.()
    expect(spent(client)).toBe(0)
  })

  test('gives the price back when the request fails', async () => {
    const client = clientWith(false)
    const failure = new TypeError('no network')
    const { request } = outgoing({ send: () => Promise.reject(failure) })
    await expect(sendOnce(client, request, { details, units: 300 })).rejects.toBe(failure)
    expect(spent(client)).toBe(0)
  })

  test('waits for a signature that is due, but not where the page may go meanwhile', async () => {
    const client = clientWith(true)
    const late = outgoing()
    const kept = outgoing({ isKept: true })
    await client.deviceKeys?.make(shop.origin)
    const sending = sendOnce(client, late.request, { details })
    expect(late.left).toEqual([])
    expect((await sending).payment?.proof).toEqual(expect.any(String))
    await sendOnce(client, kept.request, { details })
    expect(readPayment(kept.left[0]?.header ?? '')).toMatchObject({ ok: true, value: details })
    expect(kept.left[0]?.prove).toBeUndefined()
  })

  test('can prove the same payment about where a redirect leads', async () => {
    const client = clientWith(false)
    await client.deviceKeys?.make(shop.origin)
    const { request, left } = outgoing()
    await sendOnce(client, request, { details, isProofWanted: true })
    const [first] = left
    const again = await first?.prove?.('HEAD', `${url.href}?next`)
    const [one, two] = [first?.header, again].map((header) => readPayment(header ?? ''))
    if (!one?.ok || !two?.ok) throw new Error('both are payments')
    expect(two.value.clientId).toBe(one.value.clientId)
    expect(two.value.proof).not.toBe(one.value.proof)
    const [, claims = ''] = two.value.proof?.split('.') ?? []
    expect(JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))).toMatchObject({
      htm: 'HEAD',
      htu: `${url.href}?next`,
    })
  })
})

describe('sendWithAccount', () => {
  test('names the account that is known, and sets aside the price that the path had', async () => {
    const client = clientWith(true)
    const { request } = outgoing()
    const sending = sendWithAccount(client, request)
    expect(spent(client)).toBe(100)
    expect((await sending).payment).toMatchObject({
      clientId,
      currency: 'usd',
      requestId: expect.any(String),
    })
  })

  test('names none where none is known', async () => {
    const { request } = outgoing()
    expect((await sendWithAccount(clientWith(false), request)).payment).toBeNull()
  })
})
