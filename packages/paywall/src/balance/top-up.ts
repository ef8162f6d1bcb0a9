import { type ClientOptions, rawFetch, wrapFetch } from '@stripe402/client'
import { HEADERS, type PaymentResponse, readPaymentResponse } from '@stripe402/core'

/**
 * Buys credit at an origin for its own sake: the payer is asked whatever the balance is.
 *
 * @returns the receipt, or `null` when the person said no
 * @throws TypeError when the network fails; Error when the server has no answer to give
 */
export async function topUp(origin: string, options: ClientOptions): Promise<PaymentResponse | null> {
  const paidFetch = wrapFetch(rawFetch, options)
  const response = await paidFetch(`${origin}/.well-known/stripe402/top-up`, { method: 'POST' })
  if (response.status === 402) return null
  if (!response.ok) throw new Error(`The top-up at ${origin} was answered with ${response.status}.`)
  const receipt = readPaymentResponse(response.headers.get(HEADERS.PAYMENT_RESPONSE))
  return receipt.ok ? receipt.value : null
}
