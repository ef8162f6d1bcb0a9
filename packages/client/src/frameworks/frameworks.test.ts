import { describe, expect, test, vi } from 'vitest'
import { openShop } from '../testing/shop.fixture.js'

const JOKE = 'Why was six afraid of seven?'

/** Loads code of docs/frameworks anew. */
async function load(name: string): Promise<Record<string, unknown>> {
  vi.resetModules()
  return import(/* @vite-ignore */ `docs:${name}`)
}

function functionOf(module: Record<string, unknown>, name: string): (...args: unknown[]) => Promise<unknown> {
  const member = module[name]
  if (typeof member !== 'function') throw new Error(`${name} is a function`)
  return async (...args) => Reflect.apply(member, null, args)
}

describe('the code in docs/frameworks/ky.md', () => {
  test('pays, and tells when the budget says no', async () => {
    const shop = openShop()
    const joke = functionOf(await load('ky/joke.ts'), 'joke')
    expect(await joke(shop.url('/sold/joke'))).toBe(JOKE)
    expect(await joke(shop.url('/sold/joke'))).toBe(JOKE)
    expect(await shop.seen()).toHaveLength(3)
    await shop.set({ price: 10_001 })
    expect(await joke(shop.url('/sold/joke?dear'))).toBe('No joke without a coin.')
    expect((await shop.state()).charges).toHaveLength(1)
  })
})

describe('the code in docs/frameworks/nextjs.md', () => {
  test('answers a route with what it has paid for, within its budget', async () => {
    const shop = openShop()
    vi.stubEnv('QUOTES_URL', shop.url('/sold'))
    vi.stubEnv('PAYMENT_METHOD', 'pm_good')
    const GET = functionOf(await load('nextjs/app/api/quote/route.ts'), 'GET')
    const answer = await GET()
    expect(answer).toBeInstanceOf(Response)
    expect(answer instanceof Response && (await answer.json())).toEqual({ quote: JOKE })
    await shop.set({ price: 1001 })
    const dear = await functionOf(await load('nextjs/app/api/quote/route.ts'), 'GET')()
    expect(dear instanceof Response && dear.status).toBe(402)
    vi.unstubAllEnvs()
  })
})
