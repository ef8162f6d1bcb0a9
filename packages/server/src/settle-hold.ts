import type { Context } from './context.js'
import { clientDigest, type Stripe402Event } from './events.js'
import { emit, reportFault } from './report.js'
import type { HoldRequest } from './store.js'

/**
 * Takes what a hold set aside, also where it had run out and there is enough. Says whether it is taken for certain; never
 * rejects.
 *
 * `isServed`: the answer is on its way, so what is short is lost.
 */
export async function captureHold(
  context: Context,
  hold: HoldRequest,
  { isServed }: { isServed: boolean },
): Promise<boolean> {
  try {
    const { clientId, currency, operationId, runId, units } = hold
    const { type } = await context.captures.add({ clientId, currency, operationId, runId, units }, hold)
    const isCaptured = type !== 'expired'
    if (isCaptured) emit(context, () => endOf(hold, 'captured'))
    else {
      reportFault(context, 'capture', 'the hold had run out, and its units are spent')
      emit(context, () => endOf(hold, isServed ? 'lost' : 'released'))
    }
    return isCaptured
  } catch (error) {
    // The hold runs out by itself, in the payer's favour.
    reportFault(context, 'capture', error)
    return false
  }
}

/** Gives back what a hold set aside; never rejects. */
export async function releaseHold(context: Context, hold: HoldRequest): Promise<void> {
  try {
    const { clientId, currency, operationId, runId } = hold
    await context.settings.store.release({ clientId, currency, operationId, runId })
    emit(context, () => endOf(hold, 'released'))
  } catch (error) {
    reportFault(context, 'release', error)
  }
}

/** Leaves the place of a run that was admitted for nothing to another one; never rejects. */
export async function releaseReplay(context: Context, hold: HoldRequest): Promise<void> {
  try {
    await context.settings.store.release(hold)
  } catch (error) {
    reportFault(context, 'release', error)
  }
}

function endOf(
  { clientId, currency, units, resource }: HoldRequest,
  type: 'captured' | 'released' | 'lost',
): Stripe402Event {
  return { type, client: clientDigest(clientId), currency, units, resource }
}
