import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { debitOfDispute, debitOfRefund, isPaidByOwner } from '../debits/record-debit.js'
import type { AccountKey } from '../store.js'
import { paymentOf } from '../top-up/credit-intent.js'

/** What happened to the money of one account, by Stripe's account. Amounts in units. */
export interface AccountAtStripe {
  key: AccountKey
  /** By PaymentIntent. */
  payments: Map<string, { units: number; purchaseId: string }>
  /** By refund or dispute. */
  debits: Map<string, DebitAtStripe>
}

/** A refund or dispute, and the PaymentIntent that it is about. */
export interface DebitAtStripe {
  units: number
  paymentIntentId: string
  reason: 'refund' | 'dispute'
  /** Whether it freezes the account; null where Stripe does not say whose card was charged. */
  freezes: boolean | null
}

/** Every account of this seller at Stripe, by {@link nameOf}. */
export type StripeBook = Map<string, AccountAtStripe>

/** What is being read, for who waits. */
export type AuditProgress = (step: 'payments' | 'refunds' | 'disputes' | 'accounts', seen: number) => void

/** Names an account in a book. */
export function nameOf({ clientId, currency }: AccountKey): string {
  return `${clientId}:${currency}`
}

/** Enters everything that Stripe has of this seller, or what was made since. */
export async function readStripe(
  context: Context,
  book: StripeBook,
  { since, onProgress }: { since: number | null; onProgress: AuditProgress },
): Promise<void> {
  const { records } = context
  let seen = 0
  for await (const intent of records.intents(since)) {
    enterPayment(context, book, intent)
    seen += 1
    onProgress('payments', seen)
  }
  seen = 0
  for await (const { object, intent } of records.refunds(since)) {
    enterRefund(context, book, object, intent)
    seen += 1
    onProgress('refunds', seen)
  }
  seen = 0
  for await (const { object, intent } of records.disputes(since)) {
    await enterDispute(context, book, object, intent)
    seen += 1
    onProgress('disputes', seen)
  }
}

/** Enters a PaymentIntent as it is now. */
export function enterPayment(context: Context, book: StripeBook, intent: Stripe.PaymentIntent): void {
  const payment = paymentOf(context, intent)
  if (payment === null) return
  const { paymentIntentId, units, purchaseId } = payment
  accountIn(book, payment).payments.set(paymentIntentId, { units, purchaseId })
}

/** Enters a refund as it is now. */
export function enterRefund(
  context: Context,
  book: StripeBook,
  refund: Stripe.Refund,
  intent: Stripe.PaymentIntent | null,
): void {
  const debit = intent && debitOfRefund(context, refund, intent)
  if (!intent || !debit) return
  const { units, reason } = debit
  accountIn(book, debit).debits.set(refund.id, {
    units,
    reason,
    paymentIntentId: intent.id,
    freezes: false,
  })
}

/** Enters a dispute as it is now. */
export async function enterDispute(
  context: Context,
  book: StripeBook,
  dispute: Stripe.Dispute,
  intent: Stripe.PaymentIntent | null,
): Promise<void> {
  const debit = intent && debitOfDispute(context, dispute, intent)
  if (!intent || !debit) return
  const { units, reason } = debit
  const freezes = debit.freezes && (await isPaidByOwner(context, intent, debit))
  accountIn(book, debit).debits.set(dispute.id, { units, reason, paymentIntentId: intent.id, freezes })
}

/** What an account paid, and what went back of it. */
export function sumsOf({ payments, debits }: AccountAtStripe): { charged: number; back: number } {
  const sum = (entries: Iterable<{ units: number }>): number =>
    [...entries].reduce((total, { units }) => total + units, 0)
  return { charged: sum(payments.values()), back: sum(debits.values()) }
}

/** Whether a dispute freezes an account; null where Stripe does not say whose card was charged. */
export function isDisputed({ debits }: AccountAtStripe): boolean | null {
  const disputes = [...debits.values()].map(({ freezes }) => freezes)
  return disputes.includes(true) || (disputes.includes(null) ? null : false)
}

function accountIn(book: StripeBook, key: AccountKey): AccountAtStripe {
  const known = book.get(nameOf(key))
  if (known) return known
  const { clientId, currency } = key
  const account: AccountAtStripe = { key: { clientId, currency }, payments: new Map(), debits: new Map() }
  book.set(nameOf(key), account)
  return account
}
