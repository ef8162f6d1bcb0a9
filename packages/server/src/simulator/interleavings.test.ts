import { describe, expect, it } from 'vitest'
import { emptyTally, trySeeds } from './explore.js'
import { SCENARIOS } from './scenarios.js'

/** Every seed has its own latencies, clocks up to ten minutes apart, and choice of servers. */
const TIMEOUT_MS = 120_000

describe('an interleaving', () => {
  it(
    'charges a double click once: 300 of them',
    async () => {
      const tally = emptyTally()
      await trySeeds(tally, 'double-click', { from: 1, to: 301 })
      expect(tally.failures.join('\n\n')).toBe('')
      expect([...tally.charges]).toEqual([[1, 300]])
    },
    TIMEOUT_MS,
  )

  it(
    'charges fifty tabs that run dry at once a single time: 100 seeds',
    async () => {
      const tally = emptyTally()
      await trySeeds(tally, 'fifty-tabs', { from: 1, to: 101 })
      expect(tally.failures.join('\n\n')).toBe('')
      expect([...tally.charges]).toEqual([[1, 100]])
      expect(tally.steps).toBeGreaterThan(50_000)
    },
    TIMEOUT_MS,
  )

  it(
    'of two to fifty tabs survives crashes, outages, lost, late and repeated answers',
    async () => {
      const tally = emptyTally()
      await trySeeds(tally, 'some-tabs', { from: 1, to: 101, chance: 0.01 })
      expect(tally.failures.join('\n\n')).toBe('')
      expect(tally.runs).toBe(100)
    },
    TIMEOUT_MS,
  )

  it.each(SCENARIOS.map(({ name }) => name))(
    'survives them in any number: %s',
    async (name) => {
      const tally = emptyTally()
      await trySeeds(tally, name, { from: 1, to: 301, chance: 0.05 })
      expect(tally.failures.join('\n\n')).toBe('')
      expect(tally.runs).toBe(300)
    },
    TIMEOUT_MS,
  )
})
