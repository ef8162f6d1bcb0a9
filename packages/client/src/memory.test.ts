import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { cards } from './testing/cards.fixture.js'
import { paying } from './testing/native.fixture.js'
import { openShop } from './testing/shop.fixture.js'
import { wrapFetch } from './wrap-fetch.js'

const MEGABYTE = 1_048_576

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** What is still in use after a collection, in megabytes: objects, and buffers outside the heap. */
function usedMegabytes(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / MEGABYTE
}

describe('wrapFetch', () => {
  test('keeps nothing of 200 MB that stream through it', async () => {
    const shop = openShop()
    const samples: Record<string, number[]> = { native: [], paid: [] }
    for (const [name, call] of [
      ['native', fetch(shop.url('/megabytes/200'))],
      ['paid', paying()(shop.url('/sold/megabytes/200'))],
    ] as const) {
      const { body } = await call
      let received = 0
      for await (const { length } of body ?? []) {
        const isTime = Math.floor((received + length) / 20 / MEGABYTE) > Math.floor(received / 20 / MEGABYTE)
        received += length
        if (isTime) samples[name]?.push(Math.round(usedMegabytes()))
      }
      expect(received).toBe(200 * MEGABYTE)
    }
    // Between two collections a few chunks are under way, natively as well.
    const median = (list: number[] = []): number => list.sort((one, other) => one - other)[5] ?? Number.NaN
    expect(median(samples.paid) - median(samples.native)).toBeLessThan(5)
  })

  test('keeps nothing of 100,000 calls, free and paid', async () => {
    const shop = openShop()
    const store = memoryStore()
    await paying({ store })(shop.url('/sold/echo'))
    const paid = await fetch(shop.url('/echo'))
    const headers = new Headers(paid.headers)
    // The network would take half a minute and says nothing about what is kept.
    const base: typeof fetch = async () => new Response(null, { headers })
    const paidFetch = wrapFetch(base, { store, payer: cards() })
    const { signal } = new AbortController()
    const call = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        await paidFetch(shop.url(`/free?${n}`), { signal, headers: { 'x-one': '1' } })
        if (n % 10 === 0) await paidFetch(shop.url('/sold/echo'), { method: 'POST', body: 'text', signal })
      }
    }
    await call(10_000)
    const before = usedMegabytes()
    await call(90_000)
    expect(usedMegabytes() - before).toBeLessThan(2)
  })
})
