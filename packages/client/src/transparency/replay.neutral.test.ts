import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../client-store.js'
import { cards } from '../testing/cards.fixture.js'
import { essence, modeOf } from '../testing/native.fixture.js'
import { openShop } from '../testing/shop.fixture.js'
import { wrapFetch } from '../wrap-fetch.js'

const shop = openShop()

/** How to make a body anew, for each call. */
const body: fc.Arbitrary<() => BodyInit> = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => () => text),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => () => bytes.slice().buffer),
  fc.uint8Array({ minLength: 1 }).map((bytes) => () => new DataView(bytes.slice().buffer, 1)),
  fc.tuple(fc.uint8Array(), fc.constantFrom('', 'text/plain', 'image/png')).map(
    ([bytes, type]) =>
      () =>
        new Blob([bytes.slice()], { type }),
  ),
  fc.dictionary(fc.string(), fc.string()).map((entries) => () => new URLSearchParams(entries)),
  fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map((entries) => () => {
    const form = new FormData()
    for (const [name, value] of entries) form.append(name, value)
    form.append('file', new File(['content'], 'å.txt', { type: 'text/x' }))
    return form
  }),
)

const headers = fc
  .array(fc.tuple(fc.stringMatching(/^x-[a-z]{1,5}$/), fc.stringMatching(/^[!-~]{1,20}$/)), { maxLength: 4 })
  .chain((pairs) =>
    fc.constantFrom<() => HeadersInit>(
      () => pairs,
      () => new Headers(pairs),
      () => Object.fromEntries(pairs),
    ),
  )

const settings = fc.record(
  {
    headers,
    credentials: fc.constantFrom('include', 'omit', 'same-origin'),
    cache: fc.constantFrom('default', 'no-store', 'reload', 'no-cache'),
    referrerPolicy: fc.constantFrom('no-referrer', 'origin', 'unsafe-url', 'same-origin'),
    referrer: fc.constantFrom('', 'about:client', shop.url('/from')),
    mode: fc.constantFrom('cors', 'same-origin'),
    redirect: fc.constantFrom('follow', 'error', 'manual'),
    priority: fc.constantFrom('high', 'low', 'auto'),
  },
  { requiredKeys: [] },
)

const withMethod = fc.oneof(
  fc.record({ settings, method: fc.constantFrom('GET', 'get', 'HEAD', 'DELETE'), body: fc.constant(null) }),
  fc.record({ settings, method: fc.constantFrom('POST', 'PUT', 'PATCH', 'put', 'QUERY'), body }),
)

const call = fc.record({
  base: withMethod,
  over: fc.option(settings),
  how: fc.constantFrom('init', 'Request', 'both'),
})

/** Makes the arguments of a call, anew each time. */
function make(
  { base, over, how }: typeof call extends fc.Arbitrary<infer Call> ? Call : never,
  url: string,
): Parameters<typeof fetch> {
  const initOf = (given: typeof base.settings): RequestInit => {
    const { headers: makeHeaders, ...rest } = given
    return { ...rest, ...(makeHeaders && { headers: makeHeaders() }) }
  }
  const init = { ...initOf(base.settings), method: base.method, body: base.body?.() ?? null }
  if (how === 'init') return [url, init]
  return how === 'Request' || !over ? [new Request(url, init)] : [new Request(url, init), initOf(over)]
}

/** What a request was told, as far as a Request shows it. */
function members(args: Parameters<typeof fetch>): object {
  const [input, init] = args
  const { method, url, credentials, cache, mode, referrer, referrerPolicy, keepalive, integrity, headers } =
    new Request(input instanceof Request ? input.clone() : input, init)
  const sent = [...headers].filter(([name]) => name !== 'payment' && name !== 'content-type')
  const priority = Reflect.get(Object(init), 'priority')
  return {
    method,
    url,
    credentials,
    cache,
    mode,
    referrer,
    referrerPolicy,
    keepalive,
    integrity,
    sent,
    priority,
  }
}

describe('the request that is sent again', () => {
  test('equals the first one in everything but the credential header', async () => {
    await fc.assert(
      fc.asyncProperty(call, async (given) => {
        const told: object[] = []
        const base: typeof fetch = (...args) => {
          told.push(members(args))
          return fetch(...args)
        }
        await shop.set({ seen: [], price: 100 })
        const paidFetch = wrapFetch(base, { payer: cards('pm_good'), store: memoryStore() })
        expect((await paidFetch(...make(given, shop.url('/sold/echo')))).status).toBe(200)
        // With the account at once, it is the same request, too.
        expect((await paidFetch(...make(given, shop.url('/sold/echo')))).status).toBe(200)
        const [first, ...others] = await shop.seen()
        expect(others).toHaveLength(2)
        const args = make(given, shop.url('/sold/echo'))
        for (const other of others) expect(essence(other, args)).toEqual(essence(first, args))
        const paid = { ...told[0], mode: modeOf(args, true) }
        expect(told.slice(1)).toEqual([paid, paid])
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('equals the native one', async () => {
    await fc.assert(
      fc.asyncProperty(call, async (given) => {
        await shop.set({ seen: [], price: 0 })
        await fetch(...make(given, shop.url('/sold/echo')))
        const [native] = await shop.seen()
        await shop.set({ seen: [], price: 100 })
        await wrapFetch(fetch, { payer: cards('pm_good'), store: memoryStore() })(
          ...make(given, shop.url('/sold/echo')),
        )
        const seen = await shop.seen()
        const args = make(given, shop.url('/sold/echo'))
        const expected = essence(native, args)
        expect(seen.map((request) => essence(request, args))).toEqual([expected, expected])
      }),
      { numRuns: 30 },
    )
  }, 60_000)
})
