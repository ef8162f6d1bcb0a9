import type { ClientId, Payment, PurchaseId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { Evidence } from '../proof/evidence.js'
import { rightToKeptCard } from '../proof/own-device.js'
import { reportFault } from '../report.js'
import { requireOpen } from '../require-open.js'
import type { Purchase, SavedCard } from '../store.js'
import { proofRequired, type Refusal, type TopUpOutcome } from '../top-up/outcome.js'

/** What a payment with the kept card has to say. */
export interface KeptCardPayment extends Payment {
  clientId: ClientId
  purchaseId: PurchaseId
  topUpAmount: number
}

/** Whether a payment charges a card: one that it names, or the kept one. */
export function namesCard(payment: Payment): boolean {
  return payment.paymentMethodId !== undefined || payment.savedCard === true
}

/**
 * The card that is kept for a client, for a request that may charge it. Without one, or without that right, a purchase that is
 * asked about again is still a purchase: it may have been paid before the card was forgotten.
 */
export async function findKeptCard(
  context: Context,
  evidence: Evidence,
  payment: Payment,
): Promise<{ type: 'kept'; card: SavedCard } | { type: 'known'; purchase: Purchase } | Refusal> {
  if (!isComplete(payment))
    return {
      type: 'refused',
      error: 'invalid_payment',
      message: 'A kept card is charged with a clientId, a purchaseId, a topUpAmount and a proof.',
    }
  const { store } = context.settings
  const right = await rightToKeptCard(context, evidence, payment)
  const card = right === 'charge' ? await store.savedCard(payment.clientId) : null
  if (card) return { type: 'kept', card }
  const purchase = right ? await store.purchase(payment.purchaseId) : null
  if (purchase?.clientId === payment.clientId) return { type: 'known', purchase }
  // A store that lost what it knew has no right to a no.
  await requireOpen(context, payment.clientId)
  return right ? nothingKept() : proofRequired()
}

/** A kept card that could not be used at all may have been taken from its Customer behind our back. */
export async function dropIfRefused(
  context: Context,
  clientId: ClientId,
  outcome: TopUpOutcome,
): Promise<void> {
  if (outcome.type !== 'refused' || outcome.decline?.code !== 'card_not_usable') return
  const card = await context.settings.store.savedCard(clientId)
  if (card) await refreshCard(context, card)
}

/**
 * Makes what the store remembers of a card what Stripe says of it now: renewed by its bank, or taken from its Customer and
 * so forgotten. False when Stripe does not say.
 */
export async function refreshCard(context: Context, card: SavedCard): Promise<boolean> {
  const { store } = context.settings
  const read = await context.cards.read(card.paymentMethodId)
  if (read.type === 'unknown') {
    reportFault(context, 'reading a kept card', read.cause)
    return false
  }
  const isKept = read.type === 'kept' && read.card.customerId === card.customerId
  await (isKept ? store.keepCard({ ...read.card, clientId: card.clientId }) : store.forgetCard(card))
  return true
}

function isComplete(payment: Payment): payment is KeptCardPayment {
  const { clientId, purchaseId, topUpAmount } = payment
  return clientId !== undefined && purchaseId !== undefined && topUpAmount !== undefined
}

function nothingKept(): Refusal {
  return {
    type: 'refused',
    error: 'payment_failed',
    message: 'There is no kept card any more. Nothing was charged; enter the card again.',
    decline: { code: 'card_not_usable', advice: 'use_another_card' },
  }
}
