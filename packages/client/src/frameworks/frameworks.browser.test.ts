import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryStore } from '../client-store.js'
import { install } from '../install.js'
import type { Payer } from '../payer.js'
import { rawFetch } from '../raw-fetch.js'
import { cards } from '../testing/cards.fixture.js'
import type { ShopState } from '../testing/shop-state.fixture.js'

const JOKE = 'Why was six afraid of seven?'

/** Loads code of docs/frameworks, which does what it does when it is loaded. */
function load(name: string): Promise<Record<string, unknown>> {
  // Once per test, as a page would.
  return import(/* @vite-ignore */ `/@id/docs:${name}?${performance.now()}`)
}

async function shop(changes: Partial<ShopState> = {}): Promise<ShopState> {
  const init = { method: 'POST', body: JSON.stringify(changes) }
  return (await rawFetch('/shop/docs/control/set', init)).json()
}

let undo = (): void => {}

/** Pays in the place of the person in front of the element. */
function person(payer: Payer): void {
  undo = install({ payer, store: memoryStore() })
}

beforeEach(async () => {
  localStorage.clear()
  document.body.innerHTML = '<div id="root"></div>'
  await shop({ seen: [], charges: [], balances: {}, price: 100 })
})
afterEach(() => {
  document.body.replaceChildren()
  undo()
})

const root = (): string => document.querySelector('#root')?.textContent ?? ''
const jokes = async (): Promise<number> =>
  (await shop()).seen.filter(({ url }) => url.startsWith('/sold/joke')).length

describe.each(['react', 'vue', 'svelte', 'tanstack-query'])('the code in docs/frameworks/%s.md', (page) => {
  const main = /react|query/.test(page) ? 'main.tsx' : 'main.ts'

  test('shows what was paid for, once', async () => {
    const payer = cards('pm_good', 'pm_good')
    person(payer)
    await load(`${page}/${main}`)
    await expect.poll(root).toContain(JOKE)
    expect(payer.asked).toHaveLength(1)
    expect((await shop()).charges).toHaveLength(1)
  })

  test('shows the refusal when the person says no, and asks no second time', async () => {
    const payer = cards()
    person(payer)
    await load(`${page}/${main}`)
    await expect.poll(root).toContain('No joke')
    const requests = await jokes()
    expect(payer.asked).toHaveLength(1)
    // StrictMode makes two, of which one is aborted.
    expect(requests).toBeLessThanOrEqual(2)
  })
})

describe('the code in docs/frameworks/nextjs.md', () => {
  test('puts the element into every page', async () => {
    const { default: Layout } = await load('nextjs/app/layout.tsx')
    const { createElement } = await import('react')
    const { renderToStaticMarkup } = await import('react-dom/server.browser')
    if (typeof Layout !== 'function') throw new Error('the layout is a component')
    const page = renderToStaticMarkup(Reflect.apply(Layout, null, [{ children: createElement('main') }]))
    expect(page).toBe(
      '<html lang="en"><head></head><body><stripe402-paywall></stripe402-paywall><main></main></body></html>',
    )
  })
})
