import { expect, test } from 'vitest'
import { memoryStore } from './client-store.js'
import { wrapFetch } from './wrap-fetch.js'

const answer = new Response()
const base: typeof fetch = async () => answer
const paidFetch = wrapFetch(base, { store: memoryStore() })
const CALLS = 4000

const calls: [string, Parameters<typeof fetch>][] = [
  ['a URL', ['http://127.0.0.1/api/joke']],
  [
    'an init',
    ['http://127.0.0.1/api', { method: 'POST', body: '{}', headers: { 'content-type': 'text/x' } }],
  ],
  ['a Request', [new Request('http://127.0.0.1/api/joke')]],
]

/** Processor time per call, in microseconds: other processes of the machine do not count. */
async function cost(
  fetch: typeof globalThis.fetch,
  args: Parameters<typeof globalThis.fetch>,
): Promise<number> {
  const before = process.cpuUsage()
  for (let call = 0; call < CALLS; call++) await fetch(...args)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CALLS
}

test.each(calls)('wrapFetch adds at most 20 µs to a free call: %s', async (_name, args) => {
  // In turns, so that a machine whose speed drifts favours neither.
  const added: number[] = []
  for (let round = 0; round < 9; round++) {
    const native = await cost(base, args)
    added.push((await cost(paidFetch, args)) - native)
  }
  const [median = Number.NaN] = added.sort((one, other) => one - other).slice(4)
  expect(median).toBeLessThan(20)
})
