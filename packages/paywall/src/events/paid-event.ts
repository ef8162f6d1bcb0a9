import type { PaymentResponse } from '@stripe402/core'

/** A payment that went through this element. */
export class PaidEvent extends Event {
  /** What the server confirmed; `null` when the server hid its receipt (CORS). */
  readonly receipt: PaymentResponse | null

  constructor(receipt: PaymentResponse | null) {
    super('stripe402-paid', { bubbles: true, composed: true })
    this.receipt = receipt
  }
}
