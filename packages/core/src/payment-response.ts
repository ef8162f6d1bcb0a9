import { type Decoded, encodeHeader, readHeader } from './header-codec.js'
import type { ClientId, PurchaseId } from './ids.js'
import { CLIENT_ID, CURRENCY, UUID } from './patterns.js'
import { acceptShape, boolean, object, optional, pattern, text, units } from './shape.js'

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

const responseShape = object<PaymentResponse>({
  success: boolean,
  clientId: pattern(CLIENT_ID),
  creditsRemaining: units(Number.MIN_SAFE_INTEGER),
  chargeId: optional(text(255)),
  currency: optional(pattern(CURRENCY)),
  charged: optional(units(0)),
  purchaseId: optional(pattern(UUID)),
  session: optional(text(2048)),
})

/** Reads an untrusted `payment-response` header. Never throws. The message carries no version, as in the original. */
export function readPaymentResponse(header: string | null | undefined): Decoded<PaymentResponse> {
  return acceptShape(readHeader(header), responseShape)
}

/** Writes a `payment-response` header value. */
export function serializePaymentResponse(response: PaymentResponse): string {
  return encodeHeader(response)
}
