import { callApi, type StripeError } from '../wire/api.js'
import type { JsonObject } from '../wire/json.js'
import { describeValue, IntegrationError } from './integration-error.js'
import type { StripeContext } from './stripe-context.js'

/** A PaymentIntent or a SetupIntent, by what its client secret says. */
export interface IntentReference {
  readonly kind: 'payment' | 'setup'
  readonly id: string
  readonly clientSecret: string
  /** Below the API's origin. */
  readonly path: string
}

/** Reads a client secret. @throws IntegrationError when it is not one, or not one of the wanted kind. */
export function readClientSecret(
  value: unknown,
  method: string,
  wanted?: IntentReference['kind'],
): IntentReference {
  const match = typeof value === 'string' ? /^((pi|seti)_\w+?)_secret_\w+$/.exec(value) : null
  const kind = match?.[2] === 'seti' ? 'setup' : 'payment'
  const id = match?.[1]
  if (typeof value !== 'string' || id === undefined || (wanted && wanted !== kind)) {
    throw new IntegrationError(
      `Invalid value for stripe.${method} intent secret: value should be a client secret of the form \${id}_secret_\${secret}. You specified: ${describeValue(value)}.`,
    )
  }
  return { kind, id, clientSecret: value, path: `/v1/${kind}_intents/${id}` }
}

/** What `retrievePaymentIntent` and `retrieveSetupIntent` answer. */
export type IntentOutcome =
  | { readonly kind: 'intent'; readonly intent: JsonObject }
  | { readonly kind: 'error'; readonly error: StripeError }

/** Reads an intent with its client secret. */
export async function retrieveIntent(
  context: StripeContext,
  reference: IntentReference,
): Promise<IntentOutcome> {
  const { origins, publishableKey } = context
  const outcome = await callApi(
    { apiOrigin: origins.api, publishableKey },
    { method: 'GET', path: reference.path, fields: [['client_secret', reference.clientSecret]] },
  )
  return outcome.kind === 'error' ? outcome : { kind: 'intent', intent: outcome.object }
}

/** The result that Stripe.js hands out: `{ paymentIntent }`, `{ setupIntent }` or `{ error }`. */
export function intentResult(reference: IntentReference, outcome: IntentOutcome): JsonObject {
  if (outcome.kind === 'error') return { error: outcome.error }
  return { [`${reference.kind}Intent`]: outcome.intent }
}
