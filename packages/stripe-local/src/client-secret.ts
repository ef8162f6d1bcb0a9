import { refusedRequest } from './api-error.js'
import type { Viewer } from './objects/payment-method.js'

/**
 * Checks that a browser may see an intent: a publishable key needs its client secret.
 * @throws ApiError 400 when the secret is missing or another's
 */
export function checkClientSecret(
  intent: { id: string; clientSecret: string },
  sent: string | undefined,
  viewer: Viewer,
  noun: 'PaymentIntent' | 'SetupIntent',
): void {
  if (sent === undefined) {
    if (viewer === 'secret') return
    throw refusedRequest('Missing required param: client_secret.', {
      code: 'parameter_missing',
      param: 'client_secret',
    })
  }
  if (sent !== intent.clientSecret) {
    throw refusedRequest(
      `The client_secret provided does not match any associated ${noun} on this account. Ensure the client_secret passed corresponds to a ${noun} on the account of the API key.`,
      {
        code: `${noun === 'PaymentIntent' ? 'payment' : 'setup'}_intent_invalid_parameter`,
        param: 'client_secret',
      },
    )
  }
}
