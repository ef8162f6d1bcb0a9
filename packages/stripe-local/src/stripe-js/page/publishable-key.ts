import { describeValue, IntegrationError } from './integration-error.js'

/**
 * Checks the first argument of `Stripe()`.
 *
 * @throws IntegrationError for anything but a publishable key.
 */
export function readPublishableKey(value: unknown): string {
  if (typeof value !== 'string') {
    throw new IntegrationError(
      `Invalid value for Stripe(): apiKey should be a string. You specified: ${describeValue(value)}.`,
    )
  }
  if (value === '') {
    throw new IntegrationError('Please call Stripe() with your publishable key. You used an empty string.')
  }
  if (/^(sk|rk)_/.test(value)) {
    throw new IntegrationError(
      'You should not use your secret key with Stripe.js.\nPlease pass a publishable key instead.',
    )
  }
  if (!/^pk_(test|live)_\S+$/.test(value)) {
    throw new IntegrationError(
      'Please call Stripe() with your publishable key: it starts with pk_test_ or pk_live_.',
    )
  }
  return value
}
