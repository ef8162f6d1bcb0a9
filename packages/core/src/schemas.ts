import * as v from 'valibot'
import { STRIPE402_VERSION } from './headers.js'
import type { ClientId, PurchaseId, RequestId } from './ids.js'
import {
  CLIENT_ID,
  CURRENCY,
  INTENT_ID,
  PAYMENT_METHOD_ID,
  PUBLISHABLE_KEY,
  UUID,
  WEB_URL,
} from './patterns.js'
import type { Payment } from './payment.js'
import type { PaymentRequired } from './payment-required.js'
import type { PaymentResponse } from './payment-response.js'

const text = (most: number) => v.pipe(v.string(), v.maxLength(most))
const matching = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern))
const units = (least: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least))
const branded = <Id extends string>(pattern: RegExp) =>
  v.custom<Id>((input) => typeof input === 'string' && pattern.test(input))

const clientId = branded<ClientId>(CLIENT_ID)
const purchaseId = branded<PurchaseId>(UUID)

const version = { stripe402Version: v.literal(STRIPE402_VERSION) }

/** The `payment` header: what a server accepts from a stranger. */
export const paymentSchema: v.GenericSchema<unknown, Payment> = v.object({
  ...version,
  paymentMethodId: v.exactOptional(matching(PAYMENT_METHOD_ID)),
  clientId: v.exactOptional(clientId),
  topUpAmount: v.exactOptional(units(1)),
  currency: v.exactOptional(matching(CURRENCY)),
  purchaseId: v.exactOptional(purchaseId),
  requestId: v.exactOptional(branded<RequestId>(UUID)),
  paymentIntentId: v.exactOptional(matching(INTENT_ID)),
  saveCard: v.exactOptional(v.boolean()),
  savedCard: v.exactOptional(v.boolean()),
  session: v.exactOptional(text(2048)),
  proof: v.exactOptional(text(4096)),
})

const requirements = v.object({
  scheme: v.literal('stripe'),
  currency: matching(CURRENCY),
  amount: units(0),
  minTopUp: units(0),
  publishableKey: matching(PUBLISHABLE_KEY),
  description: v.exactOptional(text(10_000)),
  maxTopUp: v.exactOptional(units(0)),
  topUpOptions: v.exactOptional(v.pipe(v.array(units(1)), v.maxLength(12))),
  payee: v.exactOptional(
    v.object({
      name: text(500),
      supportUrl: v.exactOptional(matching(WEB_URL)),
      termsUrl: v.exactOptional(matching(WEB_URL)),
    }),
  ),
  balance: v.exactOptional(units(Number.MIN_SAFE_INTEGER)),
  canSaveCard: v.exactOptional(v.boolean()),
})

/** The `payment-required` header, and the start of a 402's JSON body. */
export const paymentRequiredSchema: v.GenericSchema<unknown, PaymentRequired> = v.object({
  ...version,
  resource: v.object({
    url: text(8192),
    description: v.exactOptional(text(10_000)),
    mimeType: v.exactOptional(text(255)),
  }),
  accepts: v.pipe(v.array(requirements), v.minLength(1), v.maxLength(50)),
  error: v.exactOptional(text(100)),
  message: v.exactOptional(text(2000)),
  nextAction: v.exactOptional(
    v.object({
      type: v.literal('use_stripe_sdk'),
      paymentIntentId: matching(INTENT_ID),
      clientSecret: text(500),
      purchaseId,
    }),
  ),
  decline: v.exactOptional(v.object({ code: text(100), advice: text(100) })),
})

/** The `payment-response` header. It carries no version, as in the original. */
export const paymentResponseSchema: v.GenericSchema<unknown, PaymentResponse> = v.object({
  success: v.boolean(),
  clientId,
  creditsRemaining: units(Number.MIN_SAFE_INTEGER),
  chargeId: v.exactOptional(text(255)),
  currency: v.exactOptional(matching(CURRENCY)),
  charged: v.exactOptional(units(0)),
  purchaseId: v.exactOptional(purchaseId),
  session: v.exactOptional(text(2048)),
})
