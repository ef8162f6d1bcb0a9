import { describe, expect, it } from 'vitest'
import { emptyTally, tryPairs } from './explore.js'

/** A quick sample; `SIMULATOR_PAIRS=12000` tries as many of them. */
const PAIRS = Number(process.env.SIMULATOR_PAIRS ?? 1_000)

// Two files, so that two processes share the work.
describe('a pair of faults', () => {
  it.each(['double-click', 'two-tabs', 'top-up'])(
    `leaves the money right: ${PAIRS} pairs in %s`,
    async (name) => {
      const tally = emptyTally()
      expect(await tryPairs(tally, name, PAIRS)).toBeGreaterThanOrEqual(PAIRS)
      expect(tally.failures.join('\n\n')).toBe('')
      expect(tally.runs).toBeGreaterThanOrEqual(PAIRS)
    },
    600_000,
  )
})
