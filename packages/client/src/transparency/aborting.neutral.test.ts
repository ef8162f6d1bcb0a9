import { describe, expect } from 'vitest'
import { memoryStore } from '../client-store.js'
import { undecided } from '../testing/cards.fixture.js'
import { rejection, rejectionName, type Side, transparent } from './compare.fixture.js'

let hangs = 0

/** A call that hangs: natively at the server, wrapped while a person decides. `started` resolves when it does. */
function hang(
  side: Side,
  make: (url: string) => Parameters<typeof fetch>,
): {
  call: Promise<unknown>
  started: Promise<unknown>
  end(): Promise<void>
} {
  const payer = undecided()
  const gate = `wait${hangs++}`
  const paidFetch = side.fetchWith({ payer, store: memoryStore() })
  const url = side.isWrapped ? side.sold('/echo') : side.shop.url(`/gate/${gate}/echo`)
  const call = rejection(paidFetch(...make(url)))
  return {
    call,
    started: side.isWrapped ? payer.prompted : side.shop.arrived(gate),
    async end() {
      payer.decide({ paymentMethodId: 'pm_good' })
      await side.shop.open(gate)
    },
  }
}

describe('aborting', () => {
  transparent(
    'C16',
    'nothing is thrown synchronously: calls reject with TypeError',
    async ({ fetch, shop }) => {
      const observed: Record<string, unknown> = {}
      const calls: Record<string, unknown[]> = {
        nothing: [],
        'a broken URL': ['http://['],
        'GET with a body': [shop.url('/echo'), { body: 'x' }],
        'a forbidden method': [shop.url('/echo'), { method: 'TRACE' }],
        'a broken header': [shop.url('/echo'), { headers: { 'a b': '1' } }],
        'no such server': ['http://127.0.0.1:1/'],
      }
      for (const [name, args] of Object.entries(calls)) {
        const call: Promise<unknown> = Reflect.apply(fetch, undefined, args)
        observed[name] = await rejectionName(call)
      }
      return observed
    },
  )

  transparent(
    'C17',
    'a signal that is aborted already rejects with its own reason, without network',
    async (side) => {
      const { fetch, sold, shop } = side
      const reason = new Error('mine')
      const signal = AbortSignal.abort(reason)
      const [init, request, late] = [
        await rejection(fetch(sold('/echo'), { signal })),
        await rejection(fetch(new Request(sold('/echo'), { signal }))),
        await rejection(fetch(new Request(sold('/echo')), { signal: AbortSignal.abort() })),
      ]
      const name = late instanceof Error && late.name
      return {
        init: init === reason,
        Request: request === reason,
        late: name,
        requests: (await shop.seen()).length,
      }
    },
  )

  transparent(
    'C18',
    'an abort in init ends the wait at once; no retry is sent, and credit that was bought is kept',
    async (side) => {
      const { shop, sold, isWrapped } = side
      const aborting = new AbortController()
      const reason = new Error('mine')
      const { call, started, end } = hang(side, (url) => [url, { signal: aborting.signal }])
      await started
      aborting.abort(reason)
      const isOwn = (await call) === reason
      await end()
      const { length } = await shop.seen()
      // Once more, in the middle of the paid request.
      const late = new AbortController()
      const path = isWrapped ? '/gate/slow/sold/echo' : '/gate/slow/echo'
      const slow = rejection(side.fetch(shop.url(path), { signal: late.signal }))
      await shop.arrived('slow')
      late.abort(reason)
      const isOwnAgain = (await slow) === reason
      await shop.open('slow')
      const next = await side.fetch(sold('/echo'))
      expect((await shop.state()).charges).toHaveLength(isWrapped ? 1 : 0)
      return { isOwn, requests: length, 'while paying': isOwnAgain, next: next.status }
    },
  )

  transparent('C19', 'an abort of a Request’s own signal ends the wait at once', async (side) => {
    const aborting = new AbortController()
    const { call, started, end } = hang(side, (url) => [new Request(url, { signal: aborting.signal })])
    await started
    aborting.abort('mine')
    const reason = await call
    await end()
    return { reason, requests: (await side.shop.seen()).length }
  })

  transparent(
    'C20',
    'an abort during the download passes through; AbortSignal.timeout and any work',
    async (side) => {
      const { fetch, sold, shop } = side
      const aborting = new AbortController()
      const response = await fetch(sold('/stream/half'), { signal: aborting.signal })
      const reader = response.body?.getReader()
      const first = new TextDecoder().decode((await reader?.read())?.value)
      aborting.abort('mine')
      const download = await rejectionName(reader?.read() ?? Promise.resolve())
      await shop.open('half')
      const timeout = hang(side, (url) => [url, { signal: AbortSignal.timeout(30) }])
      const late = await timeout.call
      await timeout.end()
      const one = new AbortController()
      const any = hang(side, (url) => [
        url,
        { signal: AbortSignal.any([one.signal, new AbortController().signal]) },
      ])
      await any.started
      one.abort('any')
      const reason = await any.call
      await any.end()
      return { first, download, timeout: late instanceof Error && late.name, any: reason }
    },
  )
})
