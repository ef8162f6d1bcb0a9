import { describe, expect, it } from 'vitest'
import { emptyTally, trySeeds } from './explore.js'
import { SCENARIOS } from './scenarios.js'

/** Every seed has its own latencies, clocks up to ten minutes apart, and choice of servers. */
const TIMEOUT_MS = 900_000

describe('an interleaving', () => {
  it(
    'charges once: 3,000 double clicks and 1,000 times fifty tabs that run dry together, a million steps',
    async () => {
      const clicks = emptyTally()
      await trySeeds(clicks, 'double-click', { from: 1, to: 3001 })
      expect(clicks.failures.join('\n\n')).toBe('')
      expect([...clicks.charges]).toEqual([[1, 3000]])
      const tabs = emptyTally()
      await trySeeds(tabs, 'fifty-tabs', { from: 1, to: 1001 })
      expect(tabs.failures.join('\n\n')).toBe('')
      expect([...tabs.charges]).toEqual([[1, 1000]])
      expect(clicks.steps + tabs.steps).toBeGreaterThanOrEqual(1_000_000)
    },
    TIMEOUT_MS,
  )

  it(
    'of 1,000 copies of one operation has one effect',
    async () => {
      const tally = emptyTally()
      await trySeeds(tally, 'copies', { from: 1, to: 11 })
      expect(tally.failures.join('\n\n')).toBe('')
      expect([...tally.charges]).toEqual([[1, 10]])
      expect(tally.steps).toBeGreaterThan(20_000)
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
      await trySeeds(tally, name, { from: 1, to: 151, chance: 0.05 })
      expect(tally.failures.join('\n\n')).toBe('')
      expect(tally.runs).toBe(150)
    },
    TIMEOUT_MS,
  )
})
