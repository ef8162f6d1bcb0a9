import { isObject, type JsonObject, textAt } from '../wire/json.js'
import { StripeElements } from './elements-group.js'
import { describeValue, IntegrationError, warnAboutUnknown } from './integration-error.js'
import { intentResult, readClientSecret, retrieveIntent } from './intents.js'
import { handleNextAction } from './next-action.js'
import type { Origins } from './origins.js'
import { createConfirmationToken, createPaymentMethod } from './payment-methods.js'
import { readPublishableKey } from './publishable-key.js'
import type { StripeContext } from './stripe-context.js'

/** The methods of `Stripe('pk_…')` that this Stripe.js has. */
export interface Stripe {
  readonly elements: (options?: unknown) => StripeElements
  readonly createPaymentMethod: (options: unknown) => Promise<JsonObject>
  readonly createConfirmationToken: (options: unknown) => Promise<JsonObject>
  readonly retrievePaymentIntent: (clientSecret: unknown) => Promise<JsonObject>
  readonly retrieveSetupIntent: (clientSecret: unknown) => Promise<JsonObject>
  readonly handleNextAction: (options: unknown) => Promise<JsonObject>
  readonly registerAppInfo: (info: unknown) => void
  /** Called by `loadStripe` of `@stripe/stripe-js`. */
  readonly _registerWrapper: (info: unknown) => void
}

const known = new Set(['stripeAccount', 'apiVersion', 'locale', 'betas', 'developerTools'])

/**
 * Makes what `Stripe(publishableKey, options)` returns.
 *
 * @throws IntegrationError for a key or options that Stripe refuses.
 */
export function createStripe(origins: Origins, key: unknown, options: unknown): Stripe {
  const context: StripeContext = {
    origins,
    publishableKey: readPublishableKey(key),
    locale: readLocale(options),
  }
  return {
    elements: (elementsOptions) => new StripeElements(context, elementsOptions),
    createPaymentMethod,
    createConfirmationToken,
    retrievePaymentIntent: (secret) => retrieve(context, secret, 'payment'),
    retrieveSetupIntent: (secret) => retrieve(context, secret, 'setup'),
    handleNextAction: (nextAction) => handleNextAction(context, nextAction),
    registerAppInfo: () => undefined,
    _registerWrapper: () => undefined,
  }
}

async function retrieve(
  context: StripeContext,
  secret: unknown,
  kind: 'payment' | 'setup',
): Promise<JsonObject> {
  const method = kind === 'payment' ? 'retrievePaymentIntent' : 'retrieveSetupIntent'
  const reference = readClientSecret(secret, method, kind)
  return intentResult(reference, await retrieveIntent(context, reference))
}

function readLocale(options: unknown): string {
  if (options === undefined) return 'auto'
  if (!isObject(options)) {
    throw new IntegrationError(
      `Invalid value for Stripe(): options should be an object. You specified: ${describeValue(options)}.`,
    )
  }
  warnAboutUnknown(options, known, 'Stripe()')
  return textAt(options, 'locale') ?? 'auto'
}
