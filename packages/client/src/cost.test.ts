import { expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { wrapFetch } from './wrap-fetch.js'

const answer = new Response()
const base: typeof fetch = async () => answer
const paidFetch = wrapFetch(base, { store: memoryStore() })

/** How to make a call, how often at once, and how many microseconds may be added to each. */
interface Case {
  make: () => Parameters<typeof fetch>
  times: number
  mostMicroseconds: number
}

const get = new Request('http://127.0.0.1/api/joke')
const init = { method: 'POST', body: '{}', headers: { 'content-type': 'text/x' } }
const large = new Uint8Array(200 << 20)

const cases: [string, Case][] = [
  ['a URL', { make: () => ['http://127.0.0.1/api/joke'], times: 4000, mostMicroseconds: 20 }],
  ['an init', { make: () => ['http://127.0.0.1/api', init], times: 4000, mostMicroseconds: 20 }],
  ['a Request', { make: () => [get], times: 4000, mostMicroseconds: 20 }],
  // A body can be read once: what keeps it is the platform's own `clone()`.
  [
    'a Request with a body',
    { make: () => [new Request('http://127.0.0.1/api', init)], times: 300, mostMicroseconds: 400 },
  ],
  [
    '200 MB',
    {
      make: () => ['http://127.0.0.1/api', { method: 'POST', body: large }],
      times: 1,
      mostMicroseconds: 5000,
    },
  ],
]

/** Processor time per call, in microseconds: other processes of the machine do not count. */
async function cost(fetch: typeof globalThis.fetch, { make, times }: Case): Promise<number> {
  const calls = Array.from({ length: times }, make)
  const before = process.cpuUsage()
  for (const args of calls) await fetch(...args)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

test.each(cases)('wrapFetch adds little to a free call: %s', async (_name, one) => {
  // In turns, so that a machine whose speed drifts favours neither.
  const added: number[] = []
  for (let round = 0; round < 9; round++) {
    const native = await cost(base, one)
    added.push((await cost(paidFetch, one)) - native)
  }
  const [median = Number.NaN] = added.sort((left, right) => left - right).slice(4)
  expect(median).toBeLessThan(one.mostMicroseconds)
})
