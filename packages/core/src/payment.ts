import * as v from 'valibot'
import { type Decoded, encodeHeader, readHeader } from './header-codec.js'
import { STRIPE402_VERSION } from './headers.js'
import {
  type ClientId,
  clientIdSchema,
  type PurchaseId,
  purchaseIdSchema,
  type RequestId,
  requestIdSchema,
  stripeIdSchema,
} from './ids.js'
import { acceptShape, currencySchema, unitsSchema } from './message.js'

/** The `payment` header: how the client pays for, or spends on, this request. */
export interface Payment {
  stripe402Version: typeof STRIPE402_VERSION
  /** `pm_…` (or `ctoken_…`) that Stripe made in the browser, or a stored one. */
  paymentMethodId?: string | undefined
  clientId?: ClientId | undefined
  /** Units to buy; rounded up to what Stripe can charge, and all of it is credited. */
  topUpAmount?: number | undefined
  currency?: string | undefined
  purchaseId?: PurchaseId | undefined
  requestId?: RequestId | undefined
  /** Continues a purchase after 3-D Secure. */
  paymentIntentId?: string | undefined
  session?: string | undefined
  proof?: string | undefined
}

const schema = v.object({
  stripe402Version: v.literal(STRIPE402_VERSION),
  paymentMethodId: v.optional(stripeIdSchema('pm|ctoken')),
  clientId: v.optional(clientIdSchema),
  topUpAmount: v.optional(unitsSchema(1)),
  currency: v.optional(currencySchema),
  purchaseId: v.optional(purchaseIdSchema),
  requestId: v.optional(requestIdSchema),
  paymentIntentId: v.optional(stripeIdSchema('pi')),
  session: v.optional(v.pipe(v.string(), v.maxLength(2048))),
  proof: v.optional(v.pipe(v.string(), v.maxLength(4096))),
})

/** Reads an untrusted `payment` header. Never throws. */
export function readPayment(header: string | null | undefined): Decoded<Payment> {
  return acceptShape(readHeader(header), schema)
}

/** Writes a `payment` header value. */
export function serializePayment(payment: Omit<Payment, 'stripe402Version'>): string {
  return encodeHeader({ stripe402Version: STRIPE402_VERSION, ...payment })
}
