import { HEADERS, readPayment } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { evidenceOf } from '../proof/evidence.js'
import { mayActFor, signOutEverywhere } from '../proof/right-to-spend.js'
import { type Answer, answerProblem } from '../refusal.js'
import { proofRequired } from '../top-up/outcome.js'
import { endedCookieHeader } from './forget-browser.js'

/**
 * Answers `POST /.well-known/stripe402/sign-out`: no device of the client of the `payment` header may spend any more, this
 * one included, until its card is charged or confirmed again.
 */
export async function answerSignOut(context: Context, request: PaidRequest): Promise<Answer> {
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
  await signOutEverywhere(context, clientId)
  return { status: 204, headers: { 'cache-control': 'no-store', ...endedCookieHeader(request) }, body: '' }
}
