import { HEADERS, readPayment } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { evidenceOf } from '../proof/evidence.js'
import { mayActFor } from '../proof/right-to-spend.js'
import { type Answer, answerProblem, answerReceipt } from '../refusal.js'
import { proofRequired } from '../top-up/outcome.js'

/** Answers `GET /.well-known/stripe402/balance`: what the client of the `payment` header has, by currency, in units. */
export async function answerBalance(context: Context, request: PaidRequest): Promise<Answer> {
  const { store, currency, currencies } = context.settings
  const decoded = readPayment(request.header(HEADERS.PAYMENT))
  if (!decoded.ok || decoded.value.clientId === undefined)
    return answerProblem({
      type: 'refused',
      error: 'invalid_payment',
      message: `Send the payment header with a clientId. ${decoded.ok ? '' : decoded.detail}`.trim(),
    })
  const { clientId } = decoded.value
  const evidence = evidenceOf(context, request, decoded.value)
  if (!(await mayActFor(context, evidence, clientId))) return answerProblem(proofRequired())
  const accounts = await Promise.all(currencies.map((code) => store.account({ clientId, currency: code })))
  const balances = accounts.map(({ currency, available, held, frozen }) => ({
    currency,
    available,
    held,
    frozen,
  }))
  const creditsRemaining = balances.find((balance) => balance.currency === currency)?.available ?? 0
  return answerReceipt(
    { success: true, clientId, currency, charged: 0, creditsRemaining },
    { clientId, balances },
  )
}
