import { HEADERS, type Payment, readPayment } from '@stripe402/core'
import type { PaidRequest } from './paid-request.js'
import type { Amount } from './price.js'
import { isNavigable, paymentOfNavigation } from './proof/navigation.js'
import type { Settings } from './settings.js'
import type { Refusal } from './top-up/outcome.js'

/** What the `payment` header of a request says, and the amount it is about. */
export type Credential =
  | { type: 'unpaid' }
  | { type: 'credential'; payment: Payment; amount: Amount }
  | Refusal

/** Reads the `payment` header. Never throws, whatever bytes a stranger sent. */
export function readCredential(
  settings: Settings,
  request: PaidRequest,
  amounts: readonly Amount[],
): Credential {
  const header = request.header(HEADERS.PAYMENT)
  if (header === undefined) return credentialOfNavigation(settings, request, amounts)
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

/** A cookie that pays for nothing is no payment that failed: it is in every request of its browser. */
function credentialOfNavigation(
  settings: Settings,
  request: PaidRequest,
  amounts: readonly Amount[],
): Credential {
  const payment = paymentOfNavigation(settings, request)
  const amount = payment && amounts.find(({ currency }) => currency === payment.currency)
  return amount && isNavigable(amount.units) ? { type: 'credential', payment, amount } : { type: 'unpaid' }
}
