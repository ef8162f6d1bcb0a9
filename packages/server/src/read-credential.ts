import { HEADERS, type Payment, readPayment } from '@stripe402/core'
import type { PaidRequest } from './paid-request.js'
import type { Amount } from './price.js'
import type { Refusal } from './top-up/outcome.js'

/** What the `payment` header of a request says, and the amount it is about. */
export type Credential =
  | { type: 'unpaid' }
  | { type: 'credential'; payment: Payment; amount: Amount }
  | Refusal

/** Reads the `payment` header. Never throws, whatever bytes a stranger sent. */
export function readCredential(request: PaidRequest, amounts: readonly Amount[]): Credential {
  const header = request.header(HEADERS.PAYMENT)
  if (header === undefined) return { type: 'unpaid' }
  const decoded = readPayment(header)
  if (!decoded.ok)
    return { type: 'refused', error: 'invalid_payment', message: `${decoded.detail} Nothing was charged.` }
  const payment = decoded.value
  const amount =
    payment.currency === undefined
      ? amounts[0]
      : amounts.find(({ currency }) => currency === payment.currency)
  if (amount === undefined)
    return {
      type: 'refused',
      error: 'unsupported_currency',
      message: `Pay in ${amounts.map(({ currency }) => currency.toUpperCase()).join(' or ')}. Nothing was charged.`,
    }
  return { type: 'credential', payment, amount }
}
