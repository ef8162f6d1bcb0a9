import type { PaymentRequired } from '@stripe402/core'

/**
 * A payment is due and the dialog is about to ask for it. Cancelable: `preventDefault()` says "I will handle it";
 * then no dialog opens and the page gets its 402.
 */
export class PaymentRequiredEvent extends Event {
  /** What the resource costs and how it can be paid. */
  readonly challenge: PaymentRequired
  /** Origin that answered 402. */
  readonly origin: string

  constructor(challenge: PaymentRequired, origin: string) {
    super('stripe402-payment-required', { bubbles: true, composed: true, cancelable: true })
    this.challenge = challenge
    this.origin = origin
  }
}
