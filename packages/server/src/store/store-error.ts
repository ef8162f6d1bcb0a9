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

/**
 * The store has never been declared complete: it is new, or it was emptied. What a payer lacks in it says nothing.
 *
 * Nothing was written.
 */
export class BlankStoreError extends StoreUnavailableError {
  constructor(
    message: string = 'The store is blank: it is new, or it lost its data. If cards were charged before, rebuild the credit ' +
      'from Stripe with: npx stripe402 reconcile --rebuild (what was spent is forgiven).',
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * A driver's error without what drivers hang on it: the command with its arguments, the row, the address.
 *
 * A logger that prints causes would otherwise print client ids and PaymentMethods.
 */
export function bareCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('The driver threw something that is no error.')
  const bare = new Error(error.message)
  bare.name = error.name
  if (error.stack !== undefined) bare.stack = error.stack
  return 'code' in error ? Object.assign(bare, { code: error.code }) : bare
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
