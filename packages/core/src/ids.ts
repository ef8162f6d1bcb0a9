import * as v from 'valibot'

/** Who pays: hex HMAC-SHA256 of a card fingerprint under the server's secret. */
export type ClientId = string & { readonly __brand: 'ClientId' }
/** One thing a person decided to buy; kept over every retry until there is a definite answer. */
export type PurchaseId = string & { readonly __brand: 'PurchaseId' }
/** One logical request; the same id never spends twice. */
export type RequestId = string & { readonly __brand: 'RequestId' }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a text is a client id: 64 lower-case hex digits. */
export function isClientId(text: string): text is ClientId {
  return /^[0-9a-f]{64}$/.test(text)
}
/** Whether a text is a purchase id: a lower-case UUID. */
export function isPurchaseId(text: string): text is PurchaseId {
  return UUID.test(text)
}
/** Whether a text is a request id: a lower-case UUID. */
export function isRequestId(text: string): text is RequestId {
  return UUID.test(text)
}

export const clientIdSchema: v.GenericSchema<ClientId> = v.custom<ClientId>(
  (input) => typeof input === 'string' && isClientId(input),
)
export const purchaseIdSchema: v.GenericSchema<PurchaseId> = v.custom<PurchaseId>(
  (input) => typeof input === 'string' && isPurchaseId(input),
)
export const requestIdSchema: v.GenericSchema<RequestId> = v.custom<RequestId>(
  (input) => typeof input === 'string' && isRequestId(input),
)
/** A Stripe object id such as `pm_…`; the length bound keeps log lines and keys bounded. */
export function stripeIdSchema(prefixes: string): v.GenericSchema<string> {
  return v.pipe(v.string(), v.regex(new RegExp(`^(?:${prefixes})_[A-Za-z0-9_]{1,200}$`)))
}
