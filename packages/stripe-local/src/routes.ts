import { chargeRoutes } from './api/charges.js'
import { confirmationTokenRoutes } from './api/confirmation-tokens.js'
import { customerRoutes } from './api/customers.js'
import { disputeRoutes } from './api/disputes.js'
import { eventRoutes } from './api/events.js'
import { paymentIntentStepRoutes } from './api/payment-intent-steps.js'
import { paymentIntentRoutes } from './api/payment-intents.js'
import { paymentMethodRoutes } from './api/payment-methods.js'
import { refundRoutes } from './api/refunds.js'
import { setupIntentRoutes } from './api/setup-intents.js'
import { threeDSecureRoutes } from './api/three-d-secure.js'
import { tokenRoutes } from './api/tokens.js'
import { webhookEndpointRoutes } from './api/webhook-endpoints.js'
import type { Route } from './route.js'

/** Every endpoint of the local Stripe; a word such as `search` comes before the `:id` that it would match. */
export const ROUTES: readonly Route[] = [
  ...paymentMethodRoutes,
  ...paymentIntentRoutes,
  ...paymentIntentStepRoutes,
  ...setupIntentRoutes,
  ...threeDSecureRoutes,
  ...customerRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...tokenRoutes,
  ...confirmationTokenRoutes,
]
