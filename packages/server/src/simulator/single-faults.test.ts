import { describe, expect, it } from 'vitest'
import { emptyTally, trySingles } from './explore.js'
import { SCENARIOS } from './scenarios.js'

const TIMEOUT_MS = 300_000

describe('every single fault', () => {
  it.each(SCENARIOS.map(({ name }) => name))(
    'leaves the money right: %s',
    async (name) => {
      const tally = emptyTally()
      const tried = await trySingles(tally, name)
      expect(tally.failures.join('\n\n')).toBe('')
      expect(tally.runs).toBe(tried.length + 1)
      expect(tried.length).toBeGreaterThan(100)
    },
    TIMEOUT_MS,
  )
})
