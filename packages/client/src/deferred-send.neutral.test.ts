import { describe, expect, test, vi } from 'vitest'
import { memoryKeys } from './device-keys.js'
import { asked } from './testing/asked.fixture.js'
import { recording } from './testing/native.fixture.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch as loadedFetch } from './wrap-fetch.js'

let copies = 0

/** A paying fetch whose payment part is not loaded yet. */
async function freshFetch(options: Parameters<typeof loadedFetch>[1], base = fetch): Promise<typeof fetch> {
  vi.resetModules()
  const path = './wrap-fetch.ts'
  const query = typeof document === 'object' ? `?t=${Date.now() + copies++}` : ''
  const { wrapFetch }: typeof import('./wrap-fetch.js') = await import(/* @vite-ignore */ path + query)
  return wrapFetch(base, options)
}

describe('wrapFetch on a path that has asked before, before the part that pays is loaded', () => {
  test('sends what the app gave, whatever it changes afterwards', async () => {
    const shop = openShop()
    const paidFetch = await freshFetch({ store: asked(shop, '/echo') })
    const body = new TextEncoder().encode('given')
    const headers = new Headers({ 'x-one': 'given' })
    const url = new URL(shop.url('/echo'))
    const call = paidFetch(url, { method: 'POST', body, headers })
    body.fill(120)
    headers.set('x-one', 'changed')
    url.pathname += '/changed'
    expect(await (await call).json()).toEqual({ method: 'POST', body: 'given' })
    expect((await shop.seen()).map((seen) => [seen.url, seen.headers['x-one']])).toEqual([['/echo', 'given']])
  })

  test('sends a Request as it was given', async () => {
    const shop = openShop()
    const paidFetch = await freshFetch({ store: asked(shop, '/echo') })
    const request = new Request(shop.url('/echo'), {
      method: 'PUT',
      body: 'given',
      headers: { 'x-one': 'given' },
    })
    const call = paidFetch(request)
    request.headers.set('x-one', 'changed')
    expect(await (await call).json()).toEqual({ method: 'PUT', body: 'given' })
    expect((await shop.seen()).map(({ headers }) => headers['x-one'])).toEqual(['given'])
  })

  test.each(['to be loaded', 'to be proved'])(
    'lets a keepalive request leave in the task of the call: %s',
    async (what) => {
      const shop = openShop()
      const { base, calls } = recording()
      const options = {
        store: asked(shop, '/echo', { isProofDue: what === 'to be proved' }),
        deviceKeys: memoryKeys(),
      }
      const paidFetch = await (what === 'to be loaded'
        ? freshFetch(options, base)
        : loadedFetch(base, options))
      if (what === 'to be proved') await paidFetch(shop.url('/paid/100'))
      calls.length = 0
      const call = paidFetch(shop.url('/echo'), { method: 'POST', body: 'bye', keepalive: true })
      expect(calls).toHaveLength(1)
      expect(await (await call).json()).toEqual({ method: 'POST', body: 'bye' })
    },
  )
})
