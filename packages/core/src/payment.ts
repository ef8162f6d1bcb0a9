import { type Decoded, encodeHeader, readHeader } from './header-codec.js'
import { STRIPE402_VERSION } from './headers.js'
import type { ClientId, PurchaseId, RequestId } from './ids.js'
import { paymentMembers } from './payment-shape.js'
import { pickShape } from './shape.js'

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
  /** Continues a purchase after 3-D Secure, or a check that charges nothing (`seti_…`). */
  paymentIntentId?: string | undefined
  /** The holder of the card agrees that it is kept for the next top-up. Of effect only with a `proof`. */
  saveCard?: boolean | undefined
  /** Charge the card that is kept for this client, in place of a `paymentMethodId`. Needs a `proof` of a bound key. */
  savedCard?: boolean | undefined
  session?: string | undefined
  proof?: string | undefined
}

/** Reads an untrusted `payment` header. Never throws. Members it does not know are left out. */
export function readPayment(header: string | null | undefined): Decoded<Payment> {
  return pickShape(readHeader(header), paymentMembers)
}

/** What a `proof` signs of its payment: every member but itself, in the order of their names. */
export function provedText(payment: object): string {
  const members = Object.entries(payment).filter(([name, value]) => name !== 'proof' && value !== undefined)
  return JSON.stringify(members.sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Writes a `payment` header value. */
export function serializePayment(payment: Omit<Payment, 'stripe402Version'>): string {
  return encodeHeader({ stripe402Version: STRIPE402_VERSION, ...payment })
}
