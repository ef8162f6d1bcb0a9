import type { Timeline } from './timeline.js'

/** Ticks for what runs every minute. */
export interface SweepClock {
  every(ms: number, task: () => void): () => void
  /** Something has happened: from now on it ticks as often as it was asked to. */
  wake(): void
}

/** So many ticks come on time before they grow rarer. */
const PUNCTUAL = 2
const LONGEST_MS = 16 * 3_600_000

/**
 * Makes a clock whose ticks grow rarer while nothing happens, so that an outage of a day is not thousands of sweeps that
 * find what the last one found.
 */
export function createSweepClock(timeline: Timeline): SweepClock {
  const rearms = new Set<() => void>()

  function every(ms: number, task: () => void): () => void {
    let ticks = 0
    let cancel = (): void => {}
    function arm(): void {
      const pauseMs = ticks < PUNCTUAL ? ms : Math.min(ms * 3 ** (ticks - PUNCTUAL + 1), LONGEST_MS)
      cancel = timeline.afterInBackground(pauseMs, () => {
        ticks += 1
        arm()
        task()
      })
    }
    const rearm = (): void => {
      if (ticks < PUNCTUAL) return
      ticks = 0
      cancel()
      arm()
    }
    rearms.add(rearm)
    arm()
    return () => {
      rearms.delete(rearm)
      cancel()
    }
  }

  return {
    every,
    wake: () => {
      for (const rearm of rearms) rearm()
    },
  }
}
