import { Stripe402Error } from '@stripe402/core'

/** A command was called in a way that it does not understand. */
export class UsageError extends Stripe402Error<'usage'> {
  constructor(message: string) {
    super('usage', message)
  }
}
