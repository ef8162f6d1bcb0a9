import type Stripe from 'stripe'
import type { Context } from '../context.js'
import type { Answer } from '../refusal.js'
import { plain } from './webhook/answers.js'
import { settleCard, settleCustomer } from './webhook/cards.js'
import { settleCheck } from './webhook/checks.js'
import { settleDispute } from './webhook/disputes.js'
import { settleIntent } from './webhook/intents.js'
import { isEvent } from './webhook/is-event.js'
import { settleRefund, settleRefundsOf } from './webhook/refunds.js'

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
  if (!isEvent(event)) return plain(400, 'This is no event.')
  switch (event.type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
    case 'payment_intent.processing':
      return settleIntent(context, event.data.object)
    case 'setup_intent.setup_failed':
      return settleCheck(context, event.data.object)
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return settleRefund(context, event.data.object.id)
    case 'charge.refunded':
      return settleRefundsOf(context, event.data.object.id)
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
      return settleDispute(context, event.data.object.id)
    case 'customer.deleted':
      return settleCustomer(context, event.data.object)
    case 'payment_method.detached':
    case 'payment_method.automatically_updated':
      return settleCard(context, event.data.object, event.data.previous_attributes)
    default:
      return plain(200, 'Not needed.')
  }
}
