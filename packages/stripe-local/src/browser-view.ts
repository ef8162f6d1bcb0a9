import { ApiError, type ErrorBody } from './api-error.js'
import type { AttemptError } from './objects/payment-error.js'
import { paymentMethodObject, type Viewer } from './objects/payment-method.js'

/** An intent that a call is about, as the caller may see it, and the error of its last attempt. */
interface Shown {
  intent(): Pick<ErrorBody, 'payment_intent' | 'setup_intent'>
  lastError(): AttemptError | null
}

/**
 * Runs a step whose refusal may carry an intent and its card. A browser is shown of them what it may see anywhere.
 * @throws ApiError as the step does
 */
export function asSeenBy(viewer: Viewer, { intent, lastError }: Shown, step: () => void): void {
  try {
    step()
  } catch (error) {
    if (viewer === 'secret' || !(error instanceof ApiError)) throw error
    const { payment_intent: payment, setup_intent: setup, payment_method: method, ...rest } = error.body
    const tried = lastError()
    throw new ApiError(
      error.status,
      {
        ...rest,
        ...((payment || setup) && intent()),
        ...(method && tried && { payment_method: paymentMethodObject(tried.paymentMethod, viewer) }),
      },
      error.isValidation,
    )
  }
}
