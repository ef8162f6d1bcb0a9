import { HEADERS, readPayment } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { evidenceOf } from '../proof/evidence.js'
import { isOwnDevice } from '../proof/own-device.js'
import { type Answer, answerProblem } from '../refusal.js'
import { reportFault } from '../report.js'
import { proofRequired, unavailable } from '../top-up/outcome.js'

/**
 * Answers `POST /.well-known/stripe402/forget-card`: the card that is kept for the client of the `payment` header can be
 * charged no more, whoever has it in mind. 204 also when there is none.
 */
export async function answerForgetCard(context: Context, request: PaidRequest): Promise<Answer> {
  const decoded = readPayment(request.header(HEADERS.PAYMENT))
  if (!decoded.ok || decoded.value.clientId === undefined)
    return answerProblem({
      type: 'refused',
      error: 'invalid_payment',
      message: `Send the payment header with a clientId. ${decoded.ok ? '' : decoded.detail}`.trim(),
    })
  const { clientId } = decoded.value
  const evidence = evidenceOf(context, request, decoded.value)
  if (!(await isOwnDevice(context, evidence, clientId))) return answerProblem(proofRequired())
  const { store } = context.settings
  const card = await store.savedCard(clientId)
  if (card) {
    // Stripe first: a card that only we have forgotten could not be found again by its holder.
    const detached = await context.cards.detachAll(card.customerId)
    if (detached.type === 'unknown') {
      reportFault(context, 'detaching a card', detached.cause)
      return answerProblem(unavailable())
    }
    await store.forgetCard(card)
  }
  return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' }
}
