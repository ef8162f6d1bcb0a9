import { afterEach, describe, expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { install } from './install.js'
import type { Payer } from './payer.js'
import { rawFetch } from './raw-fetch.js'
import { cards } from './testing/cards.fixture.js'
import { openShop } from './testing/shop.fixture.js'

const native = globalThis.fetch
const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
const undos: (() => void)[] = []

function installed(payer: Payer = cards('pm_good')): () => void {
  const undo = install({ payer, store: memoryStore() })
  undos.push(undo)
  return undo
}

afterEach(() => {
  while (undos.length) undos.pop()?.()
  globalThis.fetch = native
})

describe('install', () => {
  test('makes fetch pay, and its undo leaves exactly what was there', async () => {
    const shop = openShop()
    const uninstall = installed()
    expect(fetch).not.toBe(native)
    expect([fetch.name, fetch.length]).toEqual([native.name, native.length])
    expect((await fetch(shop.url('/paid/100'))).status).toBe(200)
    uninstall()
    expect(fetch).toBe(native)
    expect(Object.getOwnPropertyDescriptor(globalThis, 'fetch')).toEqual(descriptor)
    expect(Reflect.ownKeys(globalThis).filter((key) => String(key).includes('stripe402'))).toEqual([])
    expect((await fetch(shop.url('/paid/100'))).status).toBe(402)
  })

  test('keeps one layer however often it is called; the newest payer answers, and each undo takes its own away', async () => {
    const shop = openShop()
    const [older, newer] = [cards('pm_good', 'pm_good'), cards('pm_good')]
    installed(older)
    const patched = fetch
    const undoNewer = installed(newer)
    expect(fetch).toBe(patched)
    await fetch(shop.url('/paid/100'))
    expect([older.asked.length, newer.asked.length]).toEqual([0, 1])
    expect(await shop.seen()).toHaveLength(2)
    undoNewer()
    undoNewer()
    expect(fetch).toBe(patched)
    await fetch(shop.url('/paid/100'))
    expect(older.asked).toHaveLength(1)
  })

  test('passes everything through after an undo under a stranger’s wrapper, and pays again when installed again', async () => {
    const shop = openShop()
    const uninstall = installed()
    const ours = globalThis.fetch
    const stranger: typeof fetch = (...args) => ours(...args)
    globalThis.fetch = stranger
    uninstall()
    expect(globalThis.fetch).toBe(stranger)
    expect((await fetch(shop.url('/paid/100'))).status).toBe(402)
    installed()
    expect(globalThis.fetch).toBe(stranger)
    expect((await fetch(shop.url('/paid/100'))).status).toBe(200)
    globalThis.fetch = ours
  })

  test('leaves nothing behind where a stranger has put the native fetch back, and patches again', async () => {
    const shop = openShop()
    const uninstall = installed()
    globalThis.fetch = native
    uninstall()
    expect(Reflect.ownKeys(globalThis).filter((key) => String(key).includes('stripe402'))).toEqual([])
    installed()
    expect((await fetch(shop.url('/paid/100'))).status).toBe(200)
    // Also while the one before is still there.
    globalThis.fetch = native
    installed()
    expect((await fetch(shop.url('/paid/100'))).status).toBe(200)
  })

  test('is not undone by an older undo that is called again', async () => {
    const shop = openShop()
    const undoOlder = installed()
    undoOlder()
    const payer = cards('pm_good')
    const undoNewer = installed(payer)
    undoOlder()
    expect((await rawFetch(shop.url('/paid/100'))).status).toBe(402)
    expect((await fetch(shop.url('/paid/100'))).status).toBe(200)
    installed()()
    undoNewer()
    expect(fetch).toBe(native)
  })

  test('leaves a fetch that was taken before it alone, and one taken before the undo harmless', async () => {
    const shop = openShop()
    const before = globalThis.fetch
    const uninstall = installed()
    const during = globalThis.fetch
    expect((await before(shop.url('/paid/100'))).status).toBe(402)
    uninstall()
    expect((await during(shop.url('/paid/100'))).status).toBe(402)
  })

  test('replaces a fetch that is read-only but configurable, and puts it back as it was', () => {
    Object.defineProperty(globalThis, 'fetch', { value: native, writable: false, configurable: true })
    try {
      const readOnly = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
      const uninstall = installed()
      expect(fetch).not.toBe(native)
      uninstall()
      expect(Object.getOwnPropertyDescriptor(globalThis, 'fetch')).toEqual(readOnly)
    } finally {
      if (descriptor) Object.defineProperty(globalThis, 'fetch', descriptor)
    }
  })
})

describe('rawFetch', () => {
  test('pays nobody, installed or not', async () => {
    const shop = openShop()
    expect((await rawFetch(shop.url('/paid/100'))).status).toBe(402)
    const payer = cards('pm_good')
    installed(payer)
    expect((await rawFetch(shop.url('/paid/100'))).status).toBe(402)
    expect(payer.asked).toHaveLength(0)
  })
})
