type PaymentPart = typeof import('./payment-due.js')

/** What most visits never need: loaded once, with the first request that may have to be paid. */
let loaded: PaymentPart | null = null

/** The part that pays, when it is here already. */
export function loadedPaymentPart(): PaymentPart | null {
  return loaded
}

/**
 * Loads the part that pays.
 *
 * @throws TypeError when it does not come; the next call tries again
 */
export async function loadPaymentPart(): Promise<PaymentPart> {
  loaded = await import('./payment-due.js')
  return loaded
}
