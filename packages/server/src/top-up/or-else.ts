import type { Context } from '../context.js'
import { reportFault } from '../report.js'
import { BlankStoreError } from '../store/index.js'
import { pending, type Refusal, unavailable } from './outcome.js'

/**
 * Runs a step of a purchase that may have moved money. Whatever goes wrong in it, and whose fault it is, the outcome is
 * unknown: never "failed", and never "nothing was charged".
 */
export async function orPending<T>(
  context: Context,
  where: string,
  step: () => Promise<T>,
): Promise<T | Refusal> {
  try {
    return await step()
  } catch (error) {
    told(context, where, error)
    return pending()
  }
}

/** Runs what has not moved money when it fails: a store that is down, or a fault of ours, is a 503 and never a 402. */
export async function orUnavailable<T>(
  context: Context,
  where: string,
  step: () => Promise<T>,
): Promise<T | Refusal> {
  try {
    return await step()
  } catch (error) {
    return unavailableFor(context, where, error)
  }
}

/** The refusal that a fault comes to, once it is told. */
export function unavailableFor(context: Context, where: string, error: unknown): Refusal {
  told(context, where, error)
  return unavailable()
}

function told(context: Context, where: string, error: unknown): void {
  if (error instanceof BlankStoreError) context.startAgain()
  reportFault(context, where, error)
}
