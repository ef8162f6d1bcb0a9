import { Stripe402Error } from '@stripe402/core'

/**
 * The store could not answer. Whether the verb took effect is unknown: ask again with the same ids.
 *
 * The driver's error is the `cause`; the message never repeats it, because drivers quote hosts, users and SQL.
 */
export class StoreUnavailableError extends Stripe402Error<'store_unavailable'> {
  constructor(message: string, options?: ErrorOptions) {
    super('store_unavailable', message, options)
  }
}

/** A purchase verb named a purchase that was never prepared, or that the store has lost. */
export class UnknownPurchaseError extends Stripe402Error<'unknown_purchase'> {
  constructor(purchaseId: string) {
    super('unknown_purchase', `No purchase ${purchaseId} is known; prepare it first.`)
  }
}

/** A verb was called with something that no store can keep. Nothing was written. */
export class InvalidInputError extends Stripe402Error<'invalid_input'> {
  constructor(message: string) {
    super('invalid_input', message)
  }
}
