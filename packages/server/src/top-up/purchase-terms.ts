import { type Payment, unitsToMinor } from '@stripe402/core'
import type { Context } from '../context.js'
import { identifyPayer } from '../identify-payer.js'
import type { Evidence } from '../proof/evidence.js'
import { newPurchaseId } from '../purchase-id.js'
import { findKeptCard } from '../saved-card/kept-card.js'
import { printable } from '../store/checked-input.js'
import type { Purchase, PurchaseTerms } from '../store.js'
import { describePayment } from '../stripe-gateway.js'
import { checkAmount } from './check-amount.js'
import type { Refusal } from './outcome.js'

/** A card that is to be charged, and what for. */
export interface CardPayment {
  /** Names a card, or asks for the kept one. */
  payment: Payment
  evidence: Evidence
  currency: string
  /** Price that lacks credit; 0 for credit for its own sake. */
  priceUnits: number
  minTopUp: number | undefined
}

/** A purchase of which only its end can be asked: the kept card that it was to be paid with is there no more. */
type Known = { type: 'known'; purchase: Purchase }

/**
 * What a top-up would ask Stripe for: whose card it is, how much, under which purchase. Nothing is charged yet. `isAttached`: the
 * card that is named belongs to a Customer already.
 */
export async function termsFor(
  context: Context,
  wish: CardPayment,
  { wantsBankCheck }: Pick<PurchaseTerms, 'wantsBankCheck'>,
): Promise<{ type: 'terms'; terms: PurchaseTerms; isAttached: boolean } | Known | Refusal> {
  const { payment, currency } = wish
  const { settings } = context
  const card = await cardFor(context, wish)
  if (card.type !== 'card') return card
  const { clientId, paymentMethodId, customerId } = card
  const account = { clientId, currency }
  let amount = await checkAmount(context, account, { ...wish, topUpAmount: payment.topUpAmount })
  if (amount.type === 'refused') {
    // A retry asks what became of its purchase. That it would be too small now, perhaps because the balance it brought
    // is spent, is no answer.
    const known = payment.purchaseId && (await settings.store.purchase(payment.purchaseId))
    if (!known || known.status === 'failed' || known.currency !== currency) return amount
    amount = { type: 'amount', units: known.units }
  }
  const { units } = amount
  return {
    type: 'terms',
    isAttached: card.isAttached,
    terms: {
      ...account,
      purchaseId: payment.purchaseId ?? newPurchaseId(context),
      units,
      minor: unitsToMinor(units, currency),
      paymentMethodId,
      customerId,
      keepsCard: false,
      keyThumbprint: wish.evidence.key?.thumbprint ?? null,
      wantsBankCheck,
      issuer: settings.issuers[0],
      description: printable(describePayment(settings)),
    },
  }
}

type Card = { type: 'card'; isAttached: boolean } & Pick<
  PurchaseTerms,
  'clientId' | 'paymentMethodId' | 'customerId'
>

async function cardFor(
  context: Context,
  { payment, evidence }: CardPayment,
): Promise<Card | Known | Refusal> {
  const { paymentMethodId } = payment
  if (paymentMethodId === undefined) {
    const kept = await findKeptCard(context, evidence, payment)
    return kept.type === 'kept' ? { type: 'card', ...kept.card, isAttached: true } : kept
  }
  const payer = await identifyPayer(context, paymentMethodId)
  if (payer.type === 'refused') return payer
  const { clientId, isAttached } = payer
  return { type: 'card', clientId, paymentMethodId, customerId: null, isAttached }
}
