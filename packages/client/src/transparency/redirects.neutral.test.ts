import { describe, expect } from 'vitest'
import { rejectionName, transparent } from './compare.fixture.js'

const isPage = typeof document === 'object'

describe('where a credential may go', () => {
  transparent(
    'C21',
    'origins out of scope get no header, so no preflight',
    async ({ fetch, other }) => {
      const { status } = await fetch(other.url('/paid/100'))
      const { seen } = await other.state()
      const headers = Object.keys(seen.at(-1)?.headers ?? {})
        .sort()
        .join(' ')
      return {
        status,
        methods: seen.map(({ method }) => method).join(),
        _headers: headers,
        'payment header': 'payment' in (seen.at(-1)?.headers ?? {}),
      }
    },
    { isSoldToBoth: true, origins: isPage ? [] : ['http://127.0.0.1:1'] },
  )

  transparent(
    'C23',
    'no credential is sent when the 402 was reached through a cross-origin redirect',
    async (side) => {
      const { shop, other } = side
      const fetch = side.fetchWith({ origins: [shop.origin, other.origin] })
      const response = await fetch(shop.url(`/redirect/302?to=${encodeURIComponent(other.url('/paid/100'))}`))
      const { seen } = await other.state()
      const credentials = seen.filter(({ headers }) => 'payment' in headers).length
      return { status: response.status, redirected: response.redirected, requests: seen.length, credentials }
    },
    { isSoldToBoth: true },
  )

  transparent(
    'C24',
    'a 402 after a same-origin redirect is paid',
    async ({ fetch, shop, sold, isWrapped }) => {
      const response = await fetch(shop.url(`/redirect/302?to=${encodeURIComponent(sold('/echo'))}`))
      const { status, redirected, type, url } = response
      const paths = (await shop.seen()).filter(({ payment }) => payment).map((seen) => seen.url)
      expect(paths).toEqual(isWrapped ? ['/sold/echo'] : [])
      return { status, redirected, type, url: url.slice(shop.url('').length) }
    },
  )

  transparent(
    'C25',
    'results of redirect: manual and error, and of no-cors, pass through',
    async ({ fetch, shop, other }) => {
      const path = shop.url(`/redirect/302?to=${encodeURIComponent(shop.url('/echo'))}`)
      const manual = await fetch(path, { redirect: 'manual' })
      const error = await rejectionName(fetch(path, { redirect: 'error' }))
      const opaque = await fetch(other.url('/paid/100'), { mode: 'no-cors' })
      return {
        manual: `${manual.type} ${manual.status}`,
        error,
        'no-cors': `${opaque.type} ${opaque.status}`,
      }
    },
    { isSoldToBoth: true },
  )
})
