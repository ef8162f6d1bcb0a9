import * as v from 'valibot'
import { type Decoded, encodeHeader, readHeader } from './header-codec.js'
import { type ClientId, clientIdSchema, type PurchaseId, purchaseIdSchema } from './ids.js'
import { currencySchema, unitsSchema } from './message.js'

/** The `payment-response` header: a receipt on every response that was paid for. Amounts in units. */
export interface PaymentResponse {
  success: boolean
  clientId: ClientId
  /** May be negative after a refund or dispute. */
  creditsRemaining: number
  /** PaymentIntent of the top-up that this request made, if it made one. */
  chargeId?: string | undefined
  currency?: string | undefined
  /** What this request cost. */
  charged?: number | undefined
  purchaseId?: PurchaseId | undefined
  session?: string | undefined
}

const schema = v.object({
  success: v.boolean(),
  clientId: clientIdSchema,
  creditsRemaining: unitsSchema(Number.MIN_SAFE_INTEGER),
  chargeId: v.optional(v.pipe(v.string(), v.maxLength(255))),
  currency: v.optional(currencySchema),
  charged: v.optional(unitsSchema(0)),
  purchaseId: v.optional(purchaseIdSchema),
  session: v.optional(v.pipe(v.string(), v.maxLength(2048))),
})

/** Reads an untrusted `payment-response` header. Never throws. The message carries no version, as in the original. */
export function readPaymentResponse(header: string | null | undefined): Decoded<PaymentResponse> {
  const decoded = readHeader(header)
  if (!decoded.ok) return decoded
  const result = v.safeParse(schema, decoded.value, { abortEarly: true })
  if (result.success) return { ok: true, value: result.output }
  return { ok: false, problem: 'wrong_shape', detail: 'The payment-response header has an unexpected shape.' }
}

/** Writes a `payment-response` header value. */
export function serializePaymentResponse(response: PaymentResponse): string {
  return encodeHeader(response)
}
