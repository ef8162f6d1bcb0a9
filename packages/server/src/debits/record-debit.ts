import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { clientDigest } from '../events.js'
import { emit } from '../report.js'
import type { AccountKey, Debit } from '../store.js'
import { payerOf } from '../stripe-gateway.js'
import { creditIntent } from '../top-up/credit-intent.js'
import { disputeDebit } from './dispute-debit.js'
import { refundDebit } from './refund-debit.js'

/** What became of it: `changed` if the account was not told before; `foreign` for a payment that none of our issuers made. */
export type Recorded = 'changed' | 'unchanged' | 'foreign'

/** Writes down what a refund takes, as the refund is now. */
export function recordRefund(
  context: Context,
  refund: Stripe.Refund,
  intent: Stripe.PaymentIntent,
): Promise<Recorded> {
  return record(context, intent, (account) => refundDebit(refund, account))
}

/** Writes down what a dispute takes, as the dispute is now. */
export function recordDispute(
  context: Context,
  dispute: Stripe.Dispute,
  intent: Stripe.PaymentIntent,
): Promise<Recorded> {
  return record(context, intent, (account) => disputeDebit(dispute, intent, account))
}

async function record(
  context: Context,
  intent: Stripe.PaymentIntent,
  debitOf: (account: AccountKey) => Debit,
): Promise<Recorded> {
  const clientId = payerOf(intent, context.settings)
  if (clientId === null) return 'foreign'
  // Credit first, where it is still missing: an account that is in debt for a moment would be frozen for it.
  if (intent.status === 'succeeded') await creditIntent(context, intent)
  const debit = debitOf({ clientId, currency: intent.currency })
  const { type } = await context.settings.store.debit(debit)
  if (type === 'unchanged') return 'unchanged'
  const { currency, units, reason, debitId: id } = debit
  emit(context, () => ({ type: 'debited', client: clientDigest(clientId), currency, units, reason, id }))
  return 'changed'
}
