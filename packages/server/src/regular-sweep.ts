import type { Context } from './context.js'
import { reportFault } from './report.js'
import { sweep } from './sweep.js'

/** Sweeps now and then, in the background, without keeping the process alive. */
export interface RegularSweep {
  /** Begins; calling it again changes nothing. */
  begin(): void
  /** Stops, and resolves once a sweep under way has ended. */
  end(): Promise<void>
}

/**
 * A sweep every `sweepEveryMs`, one at a time; a failed one is reported and the next one tries again. It starts the store
 * first: a server that came up while the store was down, and that nobody asks for anything, still finishes purchases.
 */
export function regularSweep(context: Context): RegularSweep {
  const { sweepEveryMs, runtime } = context.settings
  let stop: (() => void) | undefined
  let running: Promise<unknown> | undefined

  function run(): void {
    running ??= context
      .start()
      .then(() => sweep(context))
      .catch((error) => reportFault(context, 'sweep', error))
      .finally(() => {
        running = undefined
      })
  }

  return {
    begin() {
      if (sweepEveryMs > 0) stop ??= runtime.every(sweepEveryMs, run)
    },
    async end() {
      stop?.()
      stop = undefined
      await running
    },
  }
}
