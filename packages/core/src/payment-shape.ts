import { STRIPE402_VERSION } from './headers.js'
import { CLIENT_ID, CURRENCY, INTENT_ID, PAYMENT_METHOD_ID, UUID } from './patterns.js'
import type { Payment } from './payment.js'
import { boolean, exactly, type Members, optional, pattern, text, units } from './shape.js'

/** The members of a `payment` header. A module of its own, so that a client that only writes one does without. */
export const paymentMembers: Members<Payment> = {
  stripe402Version: exactly(STRIPE402_VERSION),
  paymentMethodId: optional(pattern(PAYMENT_METHOD_ID)),
  clientId: optional(pattern(CLIENT_ID)),
  topUpAmount: optional(units(1)),
  currency: optional(pattern(CURRENCY)),
  purchaseId: optional(pattern(UUID)),
  requestId: optional(pattern(UUID)),
  paymentIntentId: optional(pattern(INTENT_ID)),
  saveCard: optional(boolean),
  savedCard: optional(boolean),
  session: optional(text(2048)),
  proof: optional(text(4096)),
}
