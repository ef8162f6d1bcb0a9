import type { Payment } from '@stripe402/core'

/** One request as a shop saw it. */
export interface SeenRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string
  payment: Payment | null
}

/** What a test sets up and looks at. Amounts in units. */
export interface ShopState {
  currencies: string[]
  minTopUp: number
  /** Of everything under `/sold/`; 0 gives it away. */
  price: number
  /** Answers come without the headers that CORS has to expose. */
  hidesHeaders: boolean
  /** What the bank says to a 3-D Secure check that was asked for. */
  bank: 'waiting' | 'confirmed' | 'refused'
  /** Accounts are spent from only by who signs, by this shop's clock: so far ahead of the right time. Null asks nobody. */
  clockAheadMs: number | null
  hidesDate: boolean
  balances: Record<string, number>
  charges: { purchaseId: string; amount: number }[]
  seen: SeenRequest[]
  /** Streams that the client left before their end. */
  aborted: number
}
