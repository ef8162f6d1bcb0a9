import { isPurchaseId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../../context.js'
import type { Answer } from '../../refusal.js'
import { reportFault } from '../../report.js'
import { payerOf } from '../../stripe-gateway.js'
import { advancePurchase } from '../../top-up/advance-purchase.js'
import { creditIntent } from '../../top-up/credit-intent.js'
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
  if (read.intent.status === 'succeeded') {
    const credited = await creditIntent(context, read.intent, purchase)
    return plain(200, credited.type === 'paid' ? 'Credited.' : 'Not ours.')
  }
  // A purchase that a person is still busy with is theirs to finish; one whose intent was cancelled is over.
  if (purchase?.paymentIntentId === read.intent.id && read.intent.status === 'canceled')
    await advancePurchase(context, purchase, 'cancel')
  return plain(200, 'Noted.')
}
