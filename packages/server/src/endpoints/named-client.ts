import { type ClientId, HEADERS, readPayment } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { type Evidence, evidenceOf } from '../proof/evidence.js'
import type { Refusal } from '../top-up/outcome.js'

/** The client that the `payment` header names, and what shows that the sender may act for it: yet to be judged. */
export function namedClient(
  context: Context,
  request: PaidRequest,
): { type: 'named'; clientId: ClientId; evidence: Evidence } | Refusal {
  const decoded = readPayment(request.header(HEADERS.PAYMENT))
  if (!decoded.ok || decoded.value.clientId === undefined)
    return {
      type: 'refused',
      error: 'invalid_payment',
      message: `Send the payment header with a clientId. ${decoded.ok ? '' : decoded.detail}`.trim(),
    }
  const { clientId } = decoded.value
  return { type: 'named', clientId, evidence: evidenceOf(context, request, decoded.value) }
}
