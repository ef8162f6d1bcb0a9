import { describe, expect } from 'vitest'
import { rejectionName, transparent } from './compare.fixture.js'

/** A stream of two chunks that counts how often it is read. */
function countedStream(): { stream: ReadableStream<Uint8Array>; reads(): number } {
  let reads = 0
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (reads === 2) return controller.close()
        controller.enqueue(new Uint8Array(4).fill(97 + reads++))
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, reads: () => reads }
}

const streaming = (stream: ReadableStream): RequestInit =>
  Object.assign({ method: 'POST', body: stream }, { duplex: 'half' })

describe('bodies', () => {
  transparent(
    'C12',
    'a ReadableStream is read once and not held: its 402 is handed back',
    async ({ fetch, sold, payer, shop }) => {
      const { stream, reads } = countedStream()
      try {
        const response = await fetch(sold('/echo'), streaming(stream))
        return { status: response.status, reads: reads(), requests: (await shop.seen()).length }
      } catch (error) {
        // Chromium streams uploads over HTTP/2 only.
        return { rejects: error instanceof Error && error.name, asked: payer.asked.length }
      }
    },
    { isSoldToBoth: true },
  )

  transparent('C12b', 'a ReadableStream is held up to a limit, where the app asks for it', async (side) => {
    const { sold, shop } = side
    const { stream, reads } = countedStream()
    const enough = side.fetchWith({ streamLimitBytes: 8 })
    if (typeof document === 'object')
      return { rejects: await rejectionName(enough(sold('/echo'), streaming(stream))) }
    const response = await enough(sold('/echo'), streaming(stream))
    const bodies = (await shop.seen()).map(({ body }) => body)
    expect(bodies).toEqual(side.isWrapped ? ['aaaabbbb', 'aaaabbbb'] : ['aaaabbbb'])
    const short = side.fetchWith({ streamLimitBytes: 7 })
    const longer = await short(side.shop.url('/paid/100'), streaming(countedStream().stream))
    return { status: response.status, body: bodies.at(-1), reads: reads(), 'over the limit': longer.status }
  })

  transparent(
    'C13',
    'a Request that was passed is used up, as soon as it is natively',
    async ({ fetch, sold }) => {
      const observed: Record<string, unknown> = {}
      // The second one goes with the account at once.
      for (const turn of ['first', 'second']) {
        const request = new Request(sold('/echo'), { method: 'POST', body: 'once' })
        const call = fetch(request)
        const during = request.bodyUsed
        await call
        const empty = new Request(sold('/echo'))
        await fetch(empty)
        observed[turn] = [during, request.bodyUsed, empty.bodyUsed].join(' ')
      }
      return observed
    },
  )

  transparent('C14', 'a used Request is rejected with TypeError', async ({ fetch, sold, shop }) => {
    const request = new Request(sold('/echo'), { method: 'POST', body: 'once' })
    const [first, second] = await Promise.allSettled([fetch(request), fetch(request)])
    const third = await rejectionName(fetch(request))
    const { length } = new Set((await shop.seen()).map(({ body }) => body)).values().next().value ?? {
      length: 0,
    }
    return { first: first.status, second: second.status, third, bytes: length }
  })

  transparent(
    'C26',
    'credentials, cache, referrer, integrity, mode, keepalive, priority and signal are repeated',
    async (side) => {
      const { fetch, sold, calls, shop } = side
      const { body: expected } = await fetch(sold('/echo')).then(async (response) => ({
        body: await response.text(),
      }))
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(expected)))
      const init = {
        credentials: 'include',
        cache: 'no-store',
        referrer: shop.url('/from'),
        referrerPolicy: 'origin',
        mode: 'cors',
        integrity: `sha256-${btoa(String.fromCharCode(...hash))}`,
        keepalive: true,
        priority: 'high',
        signal: new AbortController().signal,
      } as const
      const { status } = await fetch(sold('/echo'), init)
      const { keepalive: _keepalive, integrity: _integrity, ...held } = init
      const again = await side.fetchWith({ store: undefined })(sold('/echo?again'), held)
      const observed = calls
        .slice(-1)
        .concat(calls.filter(([, given]) => given && 'integrity' in given))
        .map((args) => {
          const { credentials, cache, referrer, referrerPolicy, mode, integrity, keepalive } = new Request(
            ...args,
          )
          const { priority } = { priority: undefined, ...args[1] }
          const from = referrer.replace(/.*\/shop\/[^/]*/, '')
          return [
            credentials,
            cache,
            from,
            referrerPolicy,
            mode,
            integrity.slice(0, 6),
            keepalive,
            priority,
          ].join(' ')
        })
      return { status, again: again.status, held: observed[0], 'with the account': observed[1] }
    },
  )

  transparent(
    'C27',
    'members that are not standard reach the wrapped fetch; nothing is copied when nothing changes',
    async (side) => {
      const { fetch, sold, shop, calls } = side
      const init = { next: { revalidate: 60 }, cf: { cacheTtl: 5 }, method: 'GET' }
      await fetch(shop.url('/echo'), init)
      const isSame = calls[0]?.[1] === init
      const { status } = await fetch(sold('/echo'), init)
      const last = Object(calls.at(-1)?.[1])
      return { isSame, status, next: last.next === init.next, cf: last.cf === init.cf }
    },
  )
})
