import { describe, expect } from 'vitest'
import { rejection, transparent } from './compare.fixture.js'

const OURS = 'eyJzdHJpcGU0MDJWZXJzaW9uIjoxfQ=='

describe('what a call returns', () => {
  transparent('C01', 'the very Response object of fetch for anything but our 402', async (side) => {
    const { fetch, shop, responses } = side
    const to = encodeURIComponent(shop.url('/echo'))
    const observed: Record<string, unknown> = {}
    for (const path of ['/echo', '/status/404', '/status/500', `/redirect/302?to=${to}`]) {
      const response = await fetch(shop.url(path))
      const { status, type, redirected, bodyUsed } = response
      const url = response.url.slice(shop.url('').length)
      observed[path.slice(0, 13)] = [
        status,
        type,
        redirected,
        url,
        bodyUsed,
        response === responses.at(-1),
      ].join(' ')
    }
    return observed
  })

  transparent(
    'C02',
    'a foreign 402 (plain, x402, MPP) unread, without throwing',
    async ({ fetch, shop, responses, payer }) => {
      const observed: Record<string, unknown> = {}
      for (const kind of ['plain402', 'foreign402', 'mpp402']) {
        const response = await fetch(shop.url(`/${kind}`))
        const isSame = response === responses.at(-1) && !response.bodyUsed
        observed[kind] = [response.status, isSame ? 'unread' : 'read', await response.text()].join(' ')
      }
      expect(payer.asked).toHaveLength(0)
      return observed
    },
  )

  transparent(
    'C03',
    'the original 402, unread, when the challenge cannot be parsed',
    async ({ fetch, shop, responses, payer }) => {
      const observed: Record<string, unknown> = {}
      for (const header of ['%25', 'bnVsbA==', OURS, 'A'.repeat(7000)]) {
        const response = await fetch(shop.url(`/broken402?header=${header}`))
        const isSame = response === responses.at(-1) && !response.bodyUsed
        observed[header.slice(0, 8)] = [
          response.status,
          isSame ? 'unread' : 'read',
          await response.text(),
        ].join(' ')
      }
      expect(payer.asked).toHaveLength(0)
      return observed
    },
  )

  transparent(
    'C33',
    'HEAD, OPTIONS, 204, 205 and 304 as they come; a HEAD is paid from its headers',
    async ({ fetch, shop, sold }) => {
      const observed: Record<string, unknown> = {}
      for (const status of [204, 205, 304]) {
        const { status: given, body, statusText } = await fetch(shop.url(`/status/${status}`))
        observed[status] = [given, statusText, body === null].join(' ')
      }
      const options = await fetch(shop.url('/echo'), { method: 'OPTIONS' })
      const head = await fetch(sold('/echo'), { method: 'HEAD' })
      observed.OPTIONS = [options.status, await options.text()].join(' ')
      observed.HEAD = [head.status, await head.text()].join(' ')
      return observed
    },
  )

  transparent(
    'C37',
    'objects of the platform’s own classes; no unhandled rejection is added',
    async ({ fetch, sold, shop }) => {
      const unhandled: unknown[] = []
      const note = (event: unknown): void => void unhandled.push(event)
      const isPage = typeof document === 'object'
      if (isPage) addEventListener('unhandledrejection', note)
      else process.on('unhandledRejection', note)
      const paid = await fetch(sold('/echo'))
      const network = await rejection(fetch('http://127.0.0.1:1/'))
      const aborted = await rejection(fetch(shop.url('/echo'), { signal: AbortSignal.abort() }))
      // Rejections are reported after the microtasks of a task.
      await fetch(shop.url('/echo'))
      if (isPage) removeEventListener('unhandledrejection', note)
      else process.off('unhandledRejection', note)
      return {
        Response: paid instanceof Response && paid.constructor === Response,
        TypeError: network instanceof TypeError,
        AbortError: aborted instanceof DOMException && aborted.name,
        unhandled: unhandled.length,
      }
    },
  )

  transparent('C41', 'no extra request when nothing is due', async ({ fetch, shop, calls }) => {
    for (const path of ['/echo', '/status/404', '/plain402']) await fetch(shop.url(path))
    return { requests: (await shop.state()).seen.length, calls: calls.length }
  })

  transparent('C42', 'emoji and right-to-left text; the body says it when headers cannot', async (side) => {
    const { fetch, sold, shop, payer, isWrapped } = side
    await shop.set({ hidesHeaders: true })
    const response = await fetch(sold('/echo'), { method: 'POST', body: '🎿 عربي' })
    const { body }: { body: string } = await response.json()
    const asked = payer.asked.map(({ challenge }) => challenge.resource.description)
    expect(asked).toEqual(isWrapped ? ['A thing · 物 · شيء 🎿'] : [])
    const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0))
    return { status: response.status, body: new TextDecoder().decode(bytes) }
  })
})
