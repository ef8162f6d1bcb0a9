import type { Context } from './context.js'
import { reportFault } from './report.js'
import { finishPurchases, releaseHolds } from './sweep.js'

/** Sweeps now and then, in the background, without keeping the process alive. */
export interface RegularSweep {
  /** Begins; calling it again changes nothing. */
  begin(): void
  /** Stops, and resolves once what is under way has ended. */
  end(): Promise<void>
}

/**
 * A sweep every `sweepEveryMs`; a failed one is reported and the next one tries again. While one still waits for Stripe, the
 * next ones return holds and leave purchases to it. It starts the store first: a server that came up while the store was
 * down, and that nobody asks for anything, still finishes purchases.
 */
export function regularSweep(context: Context): RegularSweep {
  const { sweepEveryMs, runtime } = context.settings
  let stop: (() => void) | undefined
  let releasing: Promise<unknown> | undefined
  let finishing: Promise<unknown> | undefined
  const tell = (error: unknown): void => reportFault(context, 'sweep', error)

  function run(): void {
    releasing ??= context
      .start()
      .then(() => {
        finish()
        return releaseHolds(context)
      })
      .catch(tell)
      .finally(() => {
        releasing = undefined
      })
  }

  function finish(): void {
    finishing ??= finishPurchases(context)
      .catch(tell)
      .finally(() => {
        finishing = undefined
      })
  }

  return {
    begin() {
      if (sweepEveryMs > 0) stop ??= runtime.every(sweepEveryMs, run)
    },
    async end() {
      stop?.()
      stop = undefined
      await releasing
      await finishing
    },
  }
}
