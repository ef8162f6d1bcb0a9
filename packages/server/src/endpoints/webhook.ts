import { isPurchaseId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import type { Answer } from '../refusal.js'
import { reportFault } from '../report.js'
import { payerOf } from '../stripe-gateway.js'
import { advancePurchase } from '../top-up/advance-purchase.js'
import { creditIntent } from '../top-up/credit-intent.js'

/** How old a signature may be; Stripe's own default. */
const TOLERANCE_S = 300

/**
 * Answers Stripe's webhook. An event is a hint: its signature is checked over the raw body, then the object is read
 * from Stripe, and what is true now is written down. So events may come twice, late, or in any order.
 *
 * Answers 2xx once it is written, so that Stripe sends it again when it is not.
 */
export async function answerWebhook(
  context: Context,
  rawBody: Uint8Array | string,
  signature: string | undefined,
): Promise<Answer> {
  const { stripe, webhookSecret, runtime } = context.settings
  if (webhookSecret === undefined)
    return plain(503, 'No webhook secret is configured: set webhookSecret (whsec_…).')
  let event: Stripe.Event
  try {
    event = stripe.webhooks.constructEvent(
      Buffer.from(rawBody),
      signature ?? '',
      webhookSecret,
      TOLERANCE_S,
      undefined,
      runtime.now(),
    )
  } catch {
    return plain(400, 'The signature does not match.')
  }
  switch (event.type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
      return settleIntent(context, event.data.object)
    default:
      return plain(200, 'Not needed.')
  }
}

async function settleIntent(context: Context, hint: Stripe.PaymentIntent): Promise<Answer> {
  if (payerOf(hint, context.settings) === null) return plain(200, 'Not ours.')
  const read = await context.gateway.retrieveIntent(hint.id)
  if (read.type !== 'intent') {
    reportFault(context, 'webhook', read.type)
    return plain(503, 'Stripe could not be asked; send it again.')
  }
  if (read.intent.status === 'succeeded') {
    const credited = await creditIntent(context, read.intent)
    return credited.type === 'paid' ? plain(200, 'Credited.') : plain(200, 'Not ours.')
  }
  const { purchaseId = '' } = read.intent.metadata
  const purchase = isPurchaseId(purchaseId) ? await context.settings.store.purchase(purchaseId) : null
  // A purchase that a person is still busy with is theirs to finish; one whose intent was cancelled is over.
  if (purchase?.paymentIntentId === read.intent.id && read.intent.status === 'canceled')
    await advancePurchase(context, purchase, 'cancel')
  return plain(200, 'Noted.')
}

function plain(status: number, body: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body,
  }
}
