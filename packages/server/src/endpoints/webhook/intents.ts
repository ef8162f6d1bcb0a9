import { isPurchaseId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../../context.js'
import { noteDeclineAtStripe } from '../../limits/decline-at-stripe.js'
import type { Answer } from '../../refusal.js'
import { reportFault } from '../../report.js'
import type { Purchase } from '../../store.js'
import { payerOf } from '../../stripe-gateway.js'
import { advancePurchase } from '../../top-up/advance-purchase.js'
import { creditIntent } from '../../top-up/credit-intent.js'
import { isOtherCard } from '../../top-up/other-card.js'
import { plain, unknownObject } from './answers.js'

/** Something happened to a PaymentIntent. */
export async function settleIntent(context: Context, hint: Stripe.PaymentIntent): Promise<Answer> {
  if (payerOf(hint, context.settings) === null) return plain(200, 'Not ours.')
  const read = await context.gateway.retrieveIntent(hint.id)
  if (read.type === 'refused' && read.code === 'resource_missing') return unknownObject()
  if (read.type !== 'intent') {
    reportFault(context, 'webhook', read.type)
    return plain(503, 'Stripe could not be asked; send it again.')
  }
  const { purchaseId = '' } = read.intent.metadata
  const purchase = isPurchaseId(purchaseId) ? await context.settings.store.purchase(purchaseId) : null
  if (purchase) await countDecline(context, purchase, hint)
  if (read.intent.status === 'succeeded') {
    const credited = await creditIntent(context, read.intent, purchase)
    if (credited.type !== 'paid') return plain(200, 'Not ours.')
    return credited.isKept === false
      ? plain(503, 'Credited, and the card is still to be kept; send it again.')
      : plain(200, 'Credited.')
  }
  if (purchase?.paymentIntentId !== read.intent.id || !isOver(purchase, read.intent, hint))
    return plain(200, 'Noted.')
  const ended = await advancePurchase(context, purchase, 'replace')
  return ended.type === 'refused' && ended.error === 'payment_pending'
    ? plain(503, 'Stripe did not end it; send it again.')
    : plain(200, 'Noted.')
}

/**
 * A purchase that a person is still busy with is theirs to finish. One whose intent was cancelled is over, and so is one whose
 * card failed after its client secret was handed out: with that, the next card would be tried at Stripe, past every limit. The
 * event says that one has failed: the intent itself does not, once another card waits for its bank in it.
 */
function isOver({ status }: Purchase, intent: Stripe.PaymentIntent, hint: Stripe.PaymentIntent): boolean {
  if (intent.status === 'canceled') return true
  if (status !== 'requires_action') return false
  if (intent.status === 'requires_payment_method' && intent.last_payment_error !== null) return true
  const { last_payment_error: error } = hint
  return Boolean(error) && isOtherCard(intent, error?.payment_method?.id)
}

/** Every event tells of one attempt, and of them only the last can be read later. What this server tried, it has counted. */
async function countDecline(
  context: Context,
  { clientId, status, paymentMethodId }: Purchase,
  { last_payment_error: error }: Stripe.PaymentIntent,
): Promise<void> {
  if (error?.type !== 'card_error' || typeof error.charge !== 'string') return
  const isOther = !paymentMethodId.startsWith('ctoken_') && error.payment_method?.id !== paymentMethodId
  if (isOther || status === 'requires_action')
    await noteDeclineAtStripe(context, error, { begunFor: clientId, tried: error.charge })
}
