import type Stripe from 'stripe'
import type { Context } from '../../context.js'
import { noteDeclineAtStripe } from '../../limits/decline-at-stripe.js'
import type { Answer } from '../../refusal.js'
import { reportFault } from '../../report.js'
import { payerOf } from '../../stripe-gateway.js'
import { isOtherCard } from '../../top-up/other-card.js'
import { plain, unknownObject } from './answers.js'

/**
 * A bank's check has failed: it is over, also for who has its client secret, with which they would try the next card at
 * Stripe, past every limit.
 */
export async function settleCheck(context: Context, hint: Stripe.SetupIntent): Promise<Answer> {
  const clientId = payerOf(hint, context.settings)
  if (clientId === null) return plain(200, 'Not ours.')
  const read = await context.gateway.retrieveCheck(hint.id)
  if (read.type === 'unknown') {
    reportFault(context, 'webhook', read.cause)
    return plain(503, 'Stripe could not be asked; send it again.')
  }
  if (read.intent === null) return unknownObject()
  const { last_setup_error: error, metadata } = hint
  const tried = error?.payment_method?.id
  // The card that it was begun for is counted where its holder asks.
  if (error?.type === 'card_error' && tried !== undefined && tried !== metadata?.paymentMethodId)
    await noteDeclineAtStripe(context, error, { begunFor: clientId, tried: `${hint.id} ${tried}` })
  if (!isOver(read.intent, hint)) return plain(200, 'Noted.')
  return (await context.gateway.cancelCheck(hint.id))
    ? plain(200, 'Noted.')
    : plain(503, 'Stripe could not be asked; send it again.')
}

/** So is one in which another card waits for its bank by now. Nobody can go on with one that was passed or cancelled. */
function isOver(intent: Stripe.SetupIntent, { last_setup_error: error }: Stripe.SetupIntent): boolean {
  const { status, last_setup_error: lastError } = intent
  if (status === 'requires_payment_method' && lastError !== null) return true
  if (status === 'succeeded' || status === 'canceled') return false
  return Boolean(error) && isOtherCard(intent, error?.payment_method?.id)
}
