import { afterEach, describe, expect, test, vi } from 'vitest'
import type { install } from './install.js'
import { cards } from './testing/cards.fixture.js'
import { openShop } from './testing/shop.fixture.js'

const names = ['fetch', 'XMLHttpRequest', 'EventSource', 'localStorage', 'BroadcastChannel']
const native = globalThis.fetch
let copies = 0
const undos: (() => void)[] = []
afterEach(() => {
  while (undos.length) undos.pop()?.()
})

/** One more copy of a module, as a second bundle or a hot reload makes it. */
function load(path: string): Promise<Record<string, unknown>> {
  vi.resetModules()
  const query = typeof document === 'object' ? `?t=${Date.now() + copies++}` : ''
  return import(/* @vite-ignore */ path + query)
}

async function installCopy(payer: ReturnType<typeof cards>): Promise<() => void> {
  const { install: copy } = await load('./install.ts')
  if (typeof copy !== 'function') throw new Error('install is a function')
  const options: Parameters<typeof install>[0] = { payer, store: new Map() }
  const undo: () => void = Reflect.apply(copy, null, [options])
  undos.push(undo)
  return undo
}

describe('copies of the package', () => {
  test.each(['./index.ts', './agent/index.ts', './axios/index.ts', './sse/index.ts'])(
    'touch no global when %s is imported',
    async (path) => {
      // Node makes its own part of this when it is first looked at, which axios does.
      void new Request('http://localhost')
      const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)?.value)
      const keys = Reflect.ownKeys(globalThis)
      await load(path)
      expect(names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)?.value)).toEqual(before)
      expect(Reflect.ownKeys(globalThis).filter((key) => !keys.includes(key))).toEqual([])
    },
  )

  test('are one layer together: the newest pays, and the last undo leaves what was there', async () => {
    const shop = openShop()
    const [older, newer] = [cards('pm_good'), cards('pm_good')]
    const [undoOlder, patched] = [await installCopy(older), globalThis.fetch]
    const undoNewer = await installCopy(newer)
    expect(globalThis.fetch).toBe(patched)
    expect((await fetch(shop.url('/paid/100'))).status).toBe(200)
    expect([older.asked.length, newer.asked.length]).toEqual([0, 1])
    expect(await shop.seen()).toHaveLength(2)
    undoOlder()
    expect(globalThis.fetch).toBe(patched)
    undoNewer()
    expect(globalThis.fetch).toBe(native)
    expect(Reflect.ownKeys(globalThis).filter((key) => String(key).includes('stripe402'))).toEqual([])
  })
})

test('a paid call is one request and no preflight once the account is known', async () => {
  const shop = openShop()
  await installCopy(cards('pm_good'))
  await fetch(shop.url('/paid/100'))
  await shop.set({ seen: [] })
  for (let call = 0; call < 5; call++) expect((await fetch(shop.url('/paid/100'))).status).toBe(200)
  const { seen } = await shop.state()
  expect(seen.map(({ method }) => method)).toEqual(Array(5).fill('GET'))
  expect(seen.every(({ payment }) => payment?.clientId)).toBe(true)
})
