import { invalidParameter } from '../api-error.js'
import { checkClientSecret } from '../client-secret.js'
import { paymentIntentFor } from '../objects/payment-intent.js'
import { setupIntentFor } from '../objects/setup-intent.js'
import { oneOf, readParams, required, text } from '../params.js'
import { authenticatePayment } from '../payment-attempt.js'
import type { Route } from '../route.js'
import { authenticateSetup } from '../setup-attempt.js'
import { findPaymentIntent } from './payment-intents.js'
import { findSetupIntent } from './setup-intents.js'

/** The call with which the challenge frame says how the payer's authentication ended. */
export const threeDSecureRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/3ds2/authenticate',
    access: 'publishable',
    returns: 'payment_intent',
    run(world, call) {
      const sent = readParams(
        {
          client_secret: required(text),
          intent: required(text),
          outcome: required(oneOf('approve', 'fail')),
        },
        call.params,
      )
      if (sent.intent.startsWith('seti_')) {
        const intent = findSetupIntent(world, sent.intent)
        checkClientSecret(intent, sent.client_secret, call.viewer, 'SetupIntent')
        authenticateSetup(world, intent, sent.outcome)
        return setupIntentFor(intent, call.viewer)
      }
      if (!sent.intent.startsWith('pi_'))
        throw invalidParameter(`Invalid intent: ${sent.intent}`, { param: 'intent' })
      const intent = findPaymentIntent(world, sent.intent)
      checkClientSecret(intent, sent.client_secret, call.viewer, 'PaymentIntent')
      authenticatePayment(world, intent, sent.outcome)
      return paymentIntentFor(intent, call.viewer)
    },
  },
]
