import { describe, expect } from 'vitest'
import { cards } from '../testing/cards.fixture.js'
import { rejectionName, transparent } from './compare.fixture.js'

describe('paying', () => {
  transparent(
    'C28',
    'a call is paid once at most; a second 402 is returned, and tries are bounded',
    async ({ fetch, shop, fetchWith, isWrapped }) => {
      const dear = await fetch(shop.url('/paid/60000'))
      const body: { accepts: { amount: number }[] } = await dear.json()
      expect((await shop.state()).charges).toHaveLength(isWrapped ? 1 : 0)
      const refused = cards(...Array.from({ length: 50 }, () => 'pm_declined'))
      const declined = await fetchWith({ payer: refused })(shop.url('/paid/70000'))
      expect(refused.asked.length).toBeLessThanOrEqual(5)
      return { status: dear.status, amount: body.accepts[0]?.amount, declined: declined.status }
    },
    { isSoldToBoth: true },
  )

  transparent('C29', 'parallel 402s share one question and one charge', async (side) => {
    const { fetch, sold, shop, payer, isWrapped } = side
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => fetch(sold(`/echo?${n}`))))
    expect(payer.asked).toHaveLength(isWrapped ? 1 : 0)
    expect((await shop.state()).charges).toHaveLength(isWrapped ? 1 : 0)
    expect(await shop.seen()).toHaveLength(isWrapped ? 10 : 5)
    return { statuses: answers.map(({ status }) => status).join(' ') }
  })

  transparent(
    'C30',
    'a "no" gives the original 402, with its body readable',
    async ({ fetchWith, shop, responses }) => {
      const fetch = fetchWith({ payer: cards() })
      const response = await fetch(shop.url('/paid/100'))
      const isOriginal = response === responses[0] && !response.bodyUsed
      const { resource }: { resource: { url: string } } = await response.json()
      return { status: response.status, isOriginal, body: resource.url, requests: (await shop.seen()).length }
    },
    { isSoldToBoth: true },
  )

  transparent(
    'C31',
    'a network error after paying surfaces; the credit is there for the next call',
    async (side) => {
      const { shop, sold, isWrapped } = side
      const payer = cards('pm_lost')
      const fetch = side.fetchWith({ payer })
      const lost = await rejectionName(fetch(isWrapped ? sold('/echo') : shop.url('/drop')))
      const next = await fetch(sold('/echo'))
      expect(payer.asked).toHaveLength(isWrapped ? 1 : 0)
      expect((await shop.state()).charges).toHaveLength(isWrapped ? 1 : 0)
      return { lost, next: next.status }
    },
  )

  transparent(
    'C34',
    'keepalive, sendBeacon and unload requests are never held',
    async ({ fetch, shop, payer, install }) => {
      const beacon = typeof document === 'object' ? navigator.sendBeacon : undefined
      const uninstall = install()
      const isBeaconLeft = typeof document !== 'object' || navigator.sendBeacon === beacon
      uninstall()
      const init = await fetch(shop.url('/paid/100'), { keepalive: true })
      const request = await fetch(new Request(shop.url('/paid/100'), { keepalive: true }))
      expect(payer.asked).toHaveLength(0)
      return {
        init: init.status,
        Request: request.status,
        isBeaconLeft,
        requests: (await shop.seen()).length,
      }
    },
    { isSoldToBoth: true },
  )
})

describe('streams', () => {
  transparent(
    'C32',
    'a paid answer streams: first chunk before the end, no copy, cancel reaches the server',
    async ({ fetch, sold, shop, responses }) => {
      const response = await fetch(sold('/stream/one'))
      const isSame = response === responses.at(-1)
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      const first = (await reader?.read())?.value
      await shop.open('one')
      const last = (await reader?.read())?.value
      const other = await fetch(sold('/stream/two'))
      await other.body?.cancel()
      await expect.poll(async () => (await shop.state()).aborted, { timeout: 10_000 }).toBe(1)
      await shop.open('two')
      return { isSame, first, last, cancelled: (await shop.state()).aborted }
    },
  )
})
