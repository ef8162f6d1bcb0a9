import { describe, expect, it } from 'vitest'
import { emptyTally, tryPairs } from './explore.js'
import { LEAST_STEPS, PAIRS } from './fault-pairs.fixture.js'

// Three files, so that processes share the work.
describe('a pair of faults', () => {
  it.each(['double-click', 'two-tabs', 'refunds', 'dispute'])(
    `leaves the money right: ${PAIRS} pairs in %s`,
    async (name) => {
      const tally = emptyTally()
      expect(await tryPairs(tally, name, PAIRS)).toBeGreaterThanOrEqual(PAIRS)
      expect(tally.failures.join('\n\n')).toBe('')
      expect(tally.steps).toBeGreaterThan(PAIRS * LEAST_STEPS)
    },
    900_000,
  )
})
