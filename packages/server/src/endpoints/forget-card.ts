import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { isOwnDevice } from '../proof/own-device.js'
import { type Answer, answerProblem } from '../refusal.js'
import { reportFault } from '../report.js'
import { proofRequired, unavailable } from '../top-up/outcome.js'
import { namedClient } from './named-client.js'

/**
 * Answers `POST /.well-known/stripe402/forget-card`: the card that is kept for the client of the `payment` header can be
 * charged no more, whoever has it in mind. 204 also when there is none.
 */
export async function answerForgetCard(context: Context, request: PaidRequest): Promise<Answer> {
  const named = namedClient(context, request)
  if (named.type === 'refused') return answerProblem(named)
  const { clientId, evidence } = named
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
