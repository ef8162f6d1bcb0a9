import { expect, test } from 'vitest'
import type { ClientOptions } from '../client.js'
import { memoryStore } from '../client-store.js'
import { install } from '../install.js'
import { type CardsFixture, cards } from '../testing/cards.fixture.js'
import { essence, recording } from '../testing/native.fixture.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import { wrapFetch } from '../wrap-fetch.js'

/** What one side of a comparison has seen. Members whose name starts with `_` are compared and not printed. */
export type Observation = Record<string, unknown>

/** A line of docs/transparency.md. */
interface Line {
  id: string
  title: string
  runtime?: string
  native: Observation
  wrapped: Observation
}

declare module 'vitest' {
  interface TaskMeta {
    transparency?: Line
  }
}

/** One of two sides that do the same: the platform's own, and ours above it. */
export interface Side {
  readonly isWrapped: boolean
  readonly fetch: typeof fetch
  readonly shop: ShopFixture
  /** On another origin. */
  readonly other: ShopFixture
  /** Has three good cards, and pays on the wrapped side only. */
  readonly payer: CardsFixture
  /** What the platform's fetch was called with, and what it returned. */
  readonly calls: Parameters<typeof fetch>[]
  readonly responses: Response[]
  /** A path that has to be paid for, and costs the native side nothing. */
  sold(path: string): string
  /** Another fetch of this side. */
  fetchWith(options: ClientOptions): typeof fetch
  /** Installs on the wrapped side; returns the undo. */
  install(options?: ClientOptions): () => void
  /** What the shop saw of the last request, and whether the ones before looked the same, apart from what `call` explains. */
  sent(call?: Parameters<typeof fetch>): Promise<Observation>
}

/** Compares what both sides observe. `isSoldToBoth`: nothing is free for the native side. */
export function transparent(
  id: string,
  title: string,
  observe: (side: Side) => Promise<Observation>,
  { isSoldToBoth = false, ...options }: ClientOptions & { isSoldToBoth?: boolean } = {},
): void {
  test(`${id} ${title}`, async ({ task }) => {
    const native = await observe(await openSide(false, isSoldToBoth ? 100 : 0, options))
    const wrapped = await observe(await openSide(true, 100, options))
    task.meta.transparency = lineOf({ id, title, native, wrapped })
    expect(wrapped).toEqual(native)
  })
}

async function openSide(isWrapped: boolean, price: number, given: ClientOptions): Promise<Side> {
  const shop = openShop()
  const other = openShop('other')
  await Promise.all([shop.set({ price }), other.set({ price })])
  const { base, calls, responses } = recording()
  const payer = cards('pm_good_1', 'pm_good_2', 'pm_good_3')
  const options = { store: memoryStore(), payer, origins: [shop.origin], ...given }
  const fetchWith = (more: ClientOptions): typeof fetch =>
    isWrapped ? wrapFetch(base, { ...options, ...more }) : base
  return {
    isWrapped,
    fetch: fetchWith({}),
    shop,
    other,
    payer,
    calls,
    responses,
    sold: (path) => shop.url(`/sold${path}`),
    fetchWith,
    install: (more) => (isWrapped ? install({ ...options, ...more }) : () => {}),
    async sent(call) {
      const seen = await shop.seen()
      const all = seen.map((request) => JSON.stringify(essence(request, call)))
      const { method, body } = seen.at(-1) ?? { method: '', body: '' }
      return {
        method,
        body: body.replace(/-{10,}.*/g, '--'),
        _sent: all.at(-1),
        alike: new Set(all).size === 1,
      }
    },
  }
}

/** What a call rejects with. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'nothing',
    (error: unknown) => error,
  )
}

/** The class of what a call rejects with. */
export async function rejectionName(call: Promise<unknown>): Promise<string> {
  const error = await rejection(call)
  return error instanceof Error ? error.name : String(error)
}

/** What a test has come to, as it is printed. */
export function lineOf({ native, wrapped, ...line }: Line): Line {
  const runtime = typeof document === 'object' ? 'Chromium' : 'Node'
  return { ...line, runtime, native: printable(native), wrapped: printable(wrapped) }
}

function printable(observation: Observation): Observation {
  return Object.fromEntries(Object.entries(observation).filter(([name]) => !name.startsWith('_')))
}
