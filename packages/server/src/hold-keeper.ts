import { reportFault } from './report.js'
import type { Settings } from './settings.js'
import type { HoldRequest } from './store.js'

/** A grant that nobody has ended by then was forgotten by whoever should have. */
const LONGEST_MS = 24 * 3_600_000

/** Keeps the holds of answers that take long from running out. */
export interface HoldKeeper {
  /** From now on the hold lasts, until it is let go. */
  keep(hold: HoldRequest): KeptHold
  /** Stops looking after holds. */
  end(): void
}

/** A hold that lasts while somebody works on what it pays for. */
export interface KeptHold {
  /** Lets it run out, and gives it as it stands now: under the run that holds it. */
  letGo(): HoldRequest | Promise<HoldRequest>
}

interface Kept {
  hold: HoldRequest
  ticks: number
  renewing: Promise<void> | undefined
}

/**
 * One timer for all: a hold that it finds a second time, a third of its life later, is renewed from then on. Nearly all are
 * ended before it looks, and cost a place in a set.
 */
export function holdKeeper(settings: Settings): HoldKeeper {
  const { store, runtime, holdMs } = settings
  const everyMs = Math.max(1, Math.floor(holdMs / 3))
  const kept = new Set<Kept>()
  let stop: (() => void) | undefined

  function look(): void {
    for (const one of kept) {
      one.ticks += 1
      if (one.ticks * everyMs > LONGEST_MS) kept.delete(one)
      else if (one.ticks > 1) one.renewing ??= renew(one)
    }
  }

  /** Joins the operation as another run, and ends the run before: a hold lasts as long as the longest of its runs. */
  async function renew(one: Kept): Promise<void> {
    const { hold } = one
    // Who may spend was found out when it was held.
    const next = { ...hold, runId: runtime.randomUUID(), era: undefined }
    try {
      const { type } = await store.hold(next)
      if (type === 'insufficient' || type === 'frozen') return
      await store.release(hold)
      // A repeated request works beside this one: there is room for two runs.
      if (type === 'conflict') await store.hold(next)
      one.hold = next
    } catch (error) {
      reportFault({ settings }, 'renewing a hold', error)
    } finally {
      one.renewing = undefined
    }
  }

  return {
    keep(hold) {
      stop ??= runtime.every(everyMs, look)
      const one: Kept = { hold, ticks: 0, renewing: undefined }
      kept.add(one)
      return {
        letGo() {
          kept.delete(one)
          return one.renewing ? one.renewing.then(() => one.hold) : one.hold
        },
      }
    },
    end() {
      stop?.()
      stop = undefined
    },
  }
}
