/** Credit at one origin in one currency, in units. */
export interface Balance {
  readonly origin: string
  readonly currency: string
  readonly units: number
}

/** The balance of this browser's client has changed. */
export class BalanceChangeEvent extends Event {
  readonly balance: Balance

  constructor(balance: Balance) {
    super('stripe402-balance-change', { bubbles: true, composed: true })
    this.balance = balance
  }
}
