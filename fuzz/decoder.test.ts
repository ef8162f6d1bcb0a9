import { readPayment, readPaymentRequired, readPaymentResponse } from '@stripe402/core'
import { describe, expect, it } from 'vitest'
import { usedMemory } from './memory.js'
import { mutateHeader, seedMessages } from './mutate.js'
import { randomFrom } from './random.js'
import { SCALE } from './scale.js'

const TARGETS = [
  { name: 'payment', read: readPayment },
  { name: 'payment-required', read: readPaymentRequired },
  { name: 'payment-response', read: readPaymentResponse },
] as const

/** Milliseconds that a call takes. A slow one is looked at again: a value that is slow stays so, a busy machine does not. */
function timeOf(call: () => unknown): number {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 4 && least > 0.2; tries += 1) {
    const startedAt = performance.now()
    call()
    least = Math.min(least, performance.now() - startedAt)
  }
  return least
}

describe('the header readers', () => {
  it.each(TARGETS)(
    'answer every value near a valid $name, at once and without keeping it',
    ({ name, read }) => {
      const random = randomFrom(SCALE.seed)
      const messages = seedMessages(name)
      const count = Math.ceil(SCALE.decoder / TARGETS.length)
      const took = new Float64Array(count)
      let accepted = 0
      const round = (from: number, to: number): void => {
        for (let at = from; at < to; at += 1) {
          const header = mutateHeader(random, random.pick(messages))
          const decoded = read(header)
          took[at] = timeOf(() => read(header))
          if (decoded.ok) accepted += 1
          else if (decoded.detail.length > 200) throw new Error(`it repeats what it was given: ${header}`)
        }
      }
      // What is compiled and cached once is not a leak.
      round(0, count / 10)
      const before = usedMemory()
      round(count / 10, count)
      const grown = usedMemory() - before
      took.sort()
      const p999 = took[Math.floor(count * 0.999)] ?? 0
      console.log(
        `${name}: ${count} values, ${accepted} accepted, p99.9 ${(p999 * 1000).toFixed(0)} µs, worst ${took.at(-1)?.toFixed(2)} ms, memory ${(grown / 1024).toFixed(0)} KiB`,
      )
      expect(accepted).toBeGreaterThan(count / 20)
      expect(accepted).toBeLessThan(count / 1.5)
      expect(p999).toBeLessThan(1)
      expect(grown).toBeLessThan(2 * 1024 * 1024)
    },
    300_000,
  )
})
