import { CLIENT_ID, UUID } from './patterns.js'

/** Who pays: hex HMAC-SHA256 of a card fingerprint under the server's secret. */
export type ClientId = string & { readonly __brand: 'ClientId' }
/** One thing a person decided to buy; kept over every retry until there is a definite answer. */
export type PurchaseId = string & { readonly __brand: 'PurchaseId' }
/** One logical request; the same id never spends twice. */
export type RequestId = string & { readonly __brand: 'RequestId' }

/** Whether a text is a client id: 64 lower-case hex digits. */
export function isClientId(text: string): text is ClientId {
  return CLIENT_ID.test(text)
}
/** Whether a text is a purchase id: a lower-case UUID. */
export function isPurchaseId(text: string): text is PurchaseId {
  return UUID.test(text)
}
/** Whether a text is a request id: a lower-case UUID. */
export function isRequestId(text: string): text is RequestId {
  return UUID.test(text)
}
