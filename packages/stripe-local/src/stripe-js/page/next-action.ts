import { isObject, type JsonObject, objectAt, textAt } from '../wire/json.js'
import { runChallenge } from './challenge.js'
import { IntegrationError } from './integration-error.js'
import {
  type IntentOutcome,
  type IntentReference,
  intentResult,
  readClientSecret,
  retrieveIntent,
} from './intents.js'
import type { StripeContext } from './stripe-context.js'

/**
 * `stripe.handleNextAction({ clientSecret })`: shows the bank's challenge and answers with the intent it led to,
 * or with the intent's last error.
 *
 * @throws IntegrationError when the intent is not in `requires_action`, as Stripe does: whoever approved elsewhere
 * has to be found by `retrievePaymentIntent` first.
 */
export async function handleNextAction(context: StripeContext, options: unknown): Promise<JsonObject> {
  const method = 'handleNextAction'
  const reference = readClientSecret(isObject(options) ? options.clientSecret : options, method)
  const before = await retrieveIntent(context, reference)
  if (before.kind === 'error') return { error: before.error }
  refuseOtherStates(before.intent, reference)
  await runChallenge(context, reference, before.intent)
  return settledResult(reference, await retrieveIntent(context, reference))
}

function refuseOtherStates(intent: JsonObject, { kind }: IntentReference): void {
  const name = kind === 'setup' ? 'SetupIntent' : 'PaymentIntent'
  if (intent.status !== 'requires_action') {
    throw new IntegrationError(`handleNextAction: The ${name} supplied is not in the requires_action state.`)
  }
  const type = textAt(objectAt(intent, 'next_action'), 'type')
  if (type !== 'use_stripe_sdk') {
    throw new IntegrationError(
      `handleNextAction: The ${name} supplied has a next action of type ${type}, which this Stripe.js does not handle. Confirm it with use_stripe_sdk: true.`,
    )
  }
}

/** An intent that fell back to wanting another card is an error, with the intent inside. */
function settledResult(reference: IntentReference, outcome: IntentOutcome): JsonObject {
  if (outcome.kind === 'error' || outcome.intent.status !== 'requires_payment_method') {
    return intentResult(reference, outcome)
  }
  const error = outcome.intent[reference.kind === 'setup' ? 'last_setup_error' : 'last_payment_error']
  return {
    error: {
      type: 'invalid_request_error',
      ...(isObject(error) ? error : {}),
      [`${reference.kind}_intent`]: outcome.intent,
    },
  }
}
