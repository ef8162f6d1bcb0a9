/** Hex HMAC-SHA256. */
export const CLIENT_ID: RegExp = /^[0-9a-f]{64}$/
/** Purchase and request ids: lower-case UUIDs of any version. */
export const UUID: RegExp = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** ISO 4217 code, lower case as Stripe writes it. */
export const CURRENCY: RegExp = /^[a-z]{3}$/
// The bound on Stripe's ids keeps log lines and store keys short.
export const PUBLISHABLE_KEY: RegExp = /^pk_\w{1,200}$/
/** A PaymentIntent, or the SetupIntent of a check that charges nothing. */
export const INTENT_ID: RegExp = /^(pi|seti)_\w{1,200}$/
export const PAYMENT_METHOD_ID: RegExp = /^(pm|ctoken)_\w{1,200}$/
/** A link that is safe to show as one: never `javascript:`. */
export const WEB_URL: RegExp = /^https?:\/\/\S{1,2040}$/i
