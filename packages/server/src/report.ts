import type { Context } from './context.js'
import type { Stripe402Event } from './events.js'
import { describeFault } from './redact.js'
import { BlankStoreError } from './store/store-error.js'

/**
 * Tells the seller's listener; what it throws or rejects with is logged and never reaches the payment. The event is made only
 * when somebody listens: its digest costs a paid request more than its price does.
 */
export function emit(context: Pick<Context, 'settings'>, event: () => Stripe402Event): void {
  const { onEvent } = context.settings
  if (!onEvent) return
  const log = (error: unknown): void =>
    context.settings.logger.error(`stripe402: the onEvent listener threw ${nameOf(error)}`)
  try {
    const heard = onEvent(event())
    // Node ends the process of a promise that rejects unheard.
    if (heard !== undefined) Promise.resolve(heard).catch(log)
  } catch (error) {
    log(error)
  }
}

/** Logs a fault of ours or of a service we use: its kind. The listener also hears the message, redacted. */
export function reportFault(context: Pick<Context, 'settings'>, where: string, cause: unknown): void {
  // Its sentence is ours and says what to do, which nobody finds out from the kind.
  const advice = cause instanceof BlankStoreError ? `. ${cause.message}` : ''
  context.settings.logger.error(`stripe402: ${where} failed: ${nameOf(cause)}${advice}`)
  emit(context, () => ({ type: 'fault', where, cause: describeFault(cause) }))
}

function nameOf(error: unknown): string {
  const { name, code } = describeFault(error)
  return code === undefined ? name : `${name} (${code})`
}
