import { describe, expect } from 'vitest'
import { rawFetch } from '../raw-fetch.js'
import { transparent } from './compare.fixture.js'
import { inWorker } from './in-worker.fixture.js'

const names = ['fetch', 'XMLHttpRequest']

/** What the globals are, as far as anybody could tell. */
function globalsNow(): unknown[] {
  return names.map((name) => {
    const { value, ...flags } = { ...Object.getOwnPropertyDescriptor(globalThis, name) }
    return [name, typeof value, value?.name, value?.length, JSON.stringify(flags)].join(' ')
  })
}

describe('globals', () => {
  transparent(
    'C35',
    'the patched fetch has the same name and length, and works unbound and destructured',
    async (side) => {
      const { shop } = side
      const { fetch: before } = globalThis
      const uninstall = side.install()
      try {
        const { fetch: after } = globalThis
        const unbound = await Reflect.apply(after, undefined, [shop.url('/echo')])
        const bound = await Reflect.apply(after, globalThis, [shop.url('/echo')])
        const early = await before(shop.url('/echo'))
        const { name, length } = after
        return {
          name,
          length,
          statuses: [unbound.status, bound.status, early.status].join(' '),
        }
      } finally {
        uninstall()
      }
    },
  )

  transparent(
    'C36',
    'installing twice leaves one layer, undoing leaves exactly what was there',
    async (side) => {
      const { sold, shop, isWrapped } = side
      const before = globalThis.fetch
      const keys = Reflect.ownKeys(globalThis).length
      const [one, two] = [side.install(), side.install()]
      const shape = globalsNow()
      const paid = await globalThis.fetch(sold('/echo'))
      expect((await shop.state()).charges).toHaveLength(isWrapped ? 1 : 0)
      expect(globalThis.fetch === before).toBe(!isWrapped)
      one()
      two()
      one()
      const isRestored = globalThis.fetch === before && Reflect.ownKeys(globalThis).length === keys
      // Under a stranger's wrapper the undo leaves a pass-through.
      const third = side.install()
      const ours = globalThis.fetch
      const stranger: typeof fetch = (...args) => ours(...args)
      globalThis.fetch = stranger
      third()
      const isStrangerLeft = globalThis.fetch === stranger
      const through = await stranger(shop.url('/paid/100'))
      globalThis.fetch = ours
      side.install()()
      globalThis.fetch = before
      return {
        _shape: shape,
        paid: paid.status,
        isRestored,
        isStrangerLeft,
        through: through.status,
        _after: globalsNow(),
      }
    },
  )

  transparent(
    'C38',
    'workers: wrapFetch and install pay there; a frozen fetch is a clear error',
    async ({ sold, isWrapped }) => {
      const wrapped = await inWorker(isWrapped ? 'wrapFetch' : 'native', sold('/echo'))
      const installed = await inWorker(isWrapped ? 'install' : 'native', sold('/echo?again'))
      expect([wrapped.frozen, installed.frozen]).toEqual(['NOT_INSTALLABLE', 'NOT_INSTALLABLE'])
      return { wrapFetch: wrapped.status, install: installed.status, isUndone: installed.isUndone }
    },
  )

  transparent('C39', 'its own calls are not intercepted, and a payer’s are no deadlock', async (side) => {
    const { shop, sold, isWrapped } = side
    const uninstall = side.install({
      async payer() {
        // A payer that asks its own server first, through the patched global.
        await globalThis.fetch(shop.url('/echo?payer'))
        return { paymentMethodId: 'pm_good', topUpAmount: 50_000 }
      },
    })
    try {
      const { status } = await globalThis.fetch(sold('/echo'))
      const raw = await rawFetch(shop.url('/paid/100'))
      const paths = (await shop.seen()).map(({ url }) => url)
      expect(paths).toEqual(
        isWrapped ? ['/sold/echo', '/echo?payer', '/sold/echo', '/paid/100'] : ['/sold/echo', '/paid/100'],
      )
      return { status, rawFetch: raw.status }
    } finally {
      uninstall()
    }
  })

  transparent(
    'C40',
    'other frames and threads are left alone',
    async (side) => {
      const uninstall = side.install()
      try {
        const { status } = await inWorker('native', side.shop.url('/paid/100'))
        if (typeof document !== 'object') return { thread: status }
        const frame = document.body.appendChild(document.createElement('iframe'))
        const { contentWindow } = frame
        const there: typeof fetch | undefined = Reflect.get(Object(contentWindow), 'fetch')
        const text = there && Function.prototype.toString.call(there)
        const answer = await there?.(side.shop.url('/paid/100'))
        frame.remove()
        return { thread: status, frame: answer?.status, text }
      } finally {
        uninstall()
      }
    },
    { isSoldToBoth: true },
  )
})
