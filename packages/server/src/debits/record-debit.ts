import { isPurchaseId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { clientDigest } from '../events.js'
import { isHoldersCard } from '../proof/payer-card.js'
import { emit } from '../report.js'
import type { AccountKey, Debit } from '../store.js'
import { holdOf, payerOf } from '../stripe-gateway.js'
import { type Recorded, recordPayment } from '../top-up/credit-intent.js'
import { disputeDebit } from './dispute-debit.js'
import { refundDebit } from './refund-debit.js'

type Seller = Pick<Context, 'settings'>

/** What a refund takes from one of our accounts, as it is now; null for a payment that none of our issuers made. */
export function debitOfRefund(
  seller: Seller,
  refund: Stripe.Refund,
  intent: Stripe.PaymentIntent,
): Debit | null {
  const account = accountOf(seller, intent)
  return account && refundDebit(refund, account)
}

/** What a dispute takes from one of our accounts, as it is now; null for a payment that none of our issuers made. */
export function debitOfDispute(
  seller: Seller,
  dispute: Stripe.Dispute,
  intent: Stripe.PaymentIntent,
): Debit | null {
  const account = accountOf(seller, intent)
  return account && disputeDebit(dispute, intent, account)
}

/** Writes down what a refund takes, and ends the hold that kept its units from being spent, if it was made by us. */
export async function recordRefund(
  context: Context,
  refund: Stripe.Refund,
  intent: Stripe.PaymentIntent | null,
): Promise<Recorded> {
  const debit = intent && debitOfRefund(context, refund, intent)
  const hold = holdOf(refund)
  if (debit === null || hold === null) return recordDebit(context, debit, intent)
  return recordDebit(context, { ...debit, hold: { operationId: hold, runId: hold } }, intent)
}

/**
 * Writes down what a dispute takes. One of a card that is not the account's freezes nothing: whoever knows the number of a card
 * can pay for its holder with another one, and dispute that.
 */
export async function recordDispute(
  context: Context,
  dispute: Stripe.Dispute,
  intent: Stripe.PaymentIntent | null,
): Promise<Recorded> {
  const debit = intent && debitOfDispute(context, dispute, intent)
  if (!intent || !debit?.freezes) return recordDebit(context, debit, intent)
  const freezes = await isPaidByOwner(context, intent, debit)
  // What is known of a dispute at one stage is not looked at again, so nothing is written that may be wrong.
  if (freezes === null) throw new Error('Stripe did not say which card a disputed payment was made with.')
  return recordDebit(context, { ...debit, freezes }, intent)
}

/** Whether an open dispute of this payment freezes the account; null where Stripe does not say whose card it was. */
export async function isPaidByOwner(
  context: Context,
  intent: Stripe.PaymentIntent,
  account: AccountKey,
): Promise<boolean | null> {
  const { purchaseId = '' } = intent.metadata
  const purchase = isPurchaseId(purchaseId) ? await context.settings.store.purchase(purchaseId) : null
  return isHoldersCard(context, intent, { account, purchase })
}

/** Writes a debit down, after the payment that it is about. */
async function recordDebit(
  context: Context,
  debit: Debit | null,
  intent: Stripe.PaymentIntent | null,
): Promise<Recorded> {
  if (debit === null || intent === null) return 'foreign'
  // Credit first, where it is still missing: an account that is in debt for a moment would be frozen for it.
  await recordPayment(context, intent)
  const { type } = await context.settings.store.debit(debit)
  if (type === 'unchanged') return 'unchanged'
  const { clientId, currency, units, reason, debitId: id } = debit
  emit(context, () => ({ type: 'debited', client: clientDigest(clientId), currency, units, reason, id }))
  return 'changed'
}

function accountOf({ settings }: Seller, intent: Stripe.PaymentIntent): AccountKey | null {
  const clientId = payerOf(intent, settings)
  return clientId && { clientId, currency: intent.currency }
}
