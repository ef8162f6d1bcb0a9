import { minorToUnits } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { recordRefund } from '../debits/record-debit.js'
import type { AccountKey, HoldRequest } from '../store.js'
import { holdOf, type RefundOutcome } from '../stripe-gateway.js'

/** Stripe has answered or never will by then, and what it did can be read; whatever is still held returns. */
const HOLD_MS = 600_000

/** A part of a payment that is to go back. */
export interface PaymentPart {
  account: AccountKey
  intent: Stripe.PaymentIntent
  charge: string
  minor: number
  /** The order that it belongs to; null for everything that is unspent. */
  order: string | null
  /** Refunds that were made of this payment before, whatever became of them; under an order, those of the order. */
  refundsBefore: number
}

/**
 * What came of it.
 *
 * - `refunded`: the money is on its way and the units are gone.
 * - `refused`: Stripe said no, or the account may not give it back; nothing moved.
 * - `interrupted`: an earlier run of this refund left units held, and nobody knows yet what it came to.
 * - `unknown`: Stripe did not say. The units stay held until it does, ten minutes at most.
 */
export type PartOutcome =
  | { type: 'refunded'; refundId: string }
  | { type: 'refused' | 'interrupted' | 'unknown'; reason: string }

/**
 * Gives a part of a payment back to its card: holds the units, refunds, debits, and ends the hold. A crash anywhere in
 * between leaves units held, and a refund that says which hold it ends: whoever reads it first debits and ends it.
 */
export async function refundPayment(context: Context, part: PaymentPart): Promise<PartOutcome> {
  const { store } = context.settings
  const { order, refundsBefore } = part
  const wish = order === null ? part.intent.id : `${part.intent.id}:${order}`
  const holdId = `refund:${wish}:${refundsBefore}`
  const hold = holdFor(part, holdId)
  const held = await store.hold(hold)
  if (held.type === 'frozen') return { type: 'refused', reason: 'account_frozen' }
  if (held.type === 'insufficient') return { type: 'refused', reason: 'spent_meanwhile' }
  if (held.type !== 'held') return { type: 'interrupted', reason: 'earlier_run' }
  const { minor } = part
  const outcome = await certain(
    context,
    part,
    await context.gateway.refund({ paymentIntentId: part.intent.id, minor, holdId, order }),
    holdId,
  )
  switch (outcome.type) {
    case 'refund':
      await recordRefund(context, outcome.refund, part.intent)
      return outcome.refund.status === 'failed' || outcome.refund.status === 'canceled'
        ? { type: 'refused', reason: outcome.refund.failure_reason ?? outcome.refund.status }
        : { type: 'refunded', refundId: outcome.refund.id }
    case 'refused':
      await store.release(hold)
      return { type: 'refused', reason: outcome.code }
    case 'unreachable':
      await store.release(hold)
      return { type: 'refused', reason: 'stripe_unreachable' }
    case 'unknown':
      return { type: 'unknown', reason: 'no_answer' }
  }
}

/** Where Stripe did not answer, its list of refunds may. That none is there yet proves nothing. */
async function certain(
  context: Context,
  { charge }: PaymentPart,
  outcome: RefundOutcome,
  holdId: string,
): Promise<RefundOutcome> {
  if (outcome.type !== 'unknown') return outcome
  try {
    for await (const { object } of context.records.refundsOf(charge))
      if (holdOf(object) === holdId) return { type: 'refund', refund: object }
  } catch {
    // What could not be read stays unknown, for the first reason.
  }
  return outcome
}

function holdFor({ account, intent, minor, order }: PaymentPart, holdId: string): HoldRequest {
  return {
    clientId: account.clientId,
    currency: account.currency,
    operationId: holdId,
    // One run: two processes that refund the same part at once hold it once, and Stripe refunds it once.
    runId: holdId,
    fingerprint: `refund ${minor}`,
    units: minorToUnits(minor, account.currency),
    resource: `refund of ${intent.id}`,
    holdMs: HOLD_MS,
    // Whoever looked before another run of the order ended takes the rest of it for more: its fingerprint must not fit.
    rememberMs: order === null ? 1 : HOLD_MS,
  }
}
