import { beforeEach, describe, expect, test, vi } from 'vitest'
import { hasToldOtherwise, noteServerTime, serverAheadMs } from './server-clock.js'

const MINUTE = 60_000
let origin: string
let sellers = 0
const at = (aheadMs: number): string => new Date(Date.now() + aheadMs).toUTCString()

beforeEach(() => {
  origin = `https://seller-${sellers++}.example`
})

describe('serverAheadMs', () => {
  test('is nothing for a seller that has told no time', () => {
    noteServerTime(origin, null)
    noteServerTime(origin, 'yesterday')
    expect(serverAheadMs(origin)).toBe(0)
  })

  test.each([180 * MINUTE, -10 * MINUTE])('is what the last answer has told: %i ms', (aheadMs) => {
    noteServerTime(origin, at(aheadMs * 2))
    noteServerTime(origin, at(aheadMs))
    expect(Math.abs(serverAheadMs(origin) - aheadMs)).toBeLessThan(2000)
    expect(serverAheadMs(`${origin}:8443`)).toBe(0)
  })

  test.each([20_000, -20_000])(
    'takes the seconds that an answer was under way for nothing: %i ms',
    (aheadMs) => {
      noteServerTime(origin, at(10 * MINUTE))
      noteServerTime(origin, at(aheadMs))
      expect(serverAheadMs(origin)).toBe(0)
    },
  )

  test('keeps what it knows when an answer tells nothing', () => {
    noteServerTime(origin, at(10 * MINUTE))
    noteServerTime(origin, null)
    expect(serverAheadMs(origin)).toBeGreaterThan(9 * MINUTE)
  })
})

describe('hasToldOtherwise', () => {
  test('is true of another time, and not of the same one told a little later', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      expect(hasToldOtherwise(origin, 0)).toBe(false)
      noteServerTime(origin, at(10 * MINUTE))
      expect(hasToldOtherwise(origin, 0)).toBe(true)
      const taken = serverAheadMs(origin)
      vi.advanceTimersByTime(1999)
      noteServerTime(origin, at(10 * MINUTE))
      expect(hasToldOtherwise(origin, taken)).toBe(false)
      noteServerTime(origin, at(0))
      expect(hasToldOtherwise(origin, taken)).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })
})
