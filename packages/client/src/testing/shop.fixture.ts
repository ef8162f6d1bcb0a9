import { inject } from 'vitest'
import { rawFetch } from '../raw-fetch.js'
import type { SeenRequest, ShopState } from './shop-state.fixture.js'

/** A shop of a test's own, and what happened in it. */
export interface ShopFixture {
  readonly origin: string
  url(path: string): string
  set(state: Partial<ShopState>): Promise<void>
  state(): Promise<ShopState>
  /** Requests of the app, preflights left out. */
  seen(): Promise<SeenRequest[]>
  /** Resolves when a request stands at this gate (`/gate/<name>/…`). */
  arrived(gate: string): Promise<void>
  open(gate: string): Promise<void>
}

let count = 0

/**
 * Opens a shop: in a page on the page's own origin, elsewhere on the first seller; `other` on another origin; `third`, for a page, on
 * yet another.
 */
export function openShop(where: 'own' | 'other' | 'third' = 'own'): ShopFixture {
  const [own, other] = inject('sellers')
  const isPage = typeof document === 'object'
  const base = where === 'other' ? other : isPage && where === 'own' ? location.origin : own
  const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}${count++}`
  const call = async (path: string, body?: unknown): Promise<ShopState> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return (await rawFetch(`${base}/shop/${id}/control/${path}`, init)).json()
  }
  return {
    origin: new URL(base).origin,
    url: (path) => `${base}/shop/${id}${path}`,
    state: () => call('state'),
    set: async (state) => {
      await call('set', state)
    },
    seen: async () => (await call('state')).seen.filter(({ method }) => method !== 'OPTIONS'),
    arrived: async (gate) => {
      await call(`arrived/${gate}`)
    },
    open: async (gate) => {
      await call(`open/${gate}`)
    },
  }
}
