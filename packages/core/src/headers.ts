/** The protocol version that every message carries as `stripe402Version`. */
export const STRIPE402_VERSION = 1

/** The three header names, lower case as HTTP/2 sends them. */
export const HEADERS = {
  /** Server → client, on every 402: what the resource costs and how it can be paid. */
  PAYMENT_REQUIRED: 'payment-required',
  /** Client → server, on a request that pays or spends. */
  PAYMENT: 'payment',
  /** Server → client, on every response that was paid for: what was charged and what is left. */
  PAYMENT_RESPONSE: 'payment-response',
} as const
