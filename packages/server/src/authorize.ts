import { type ClientId, type Payment, unitsToMinor } from '@stripe402/core'
import { challengeFor } from './challenge.js'
import type { Context } from './context.js'
import { type Grant, grantFor } from './grant.js'
import { holdFor, spend } from './hold-credits.js'
import { identifyPayer } from './identify-payer.js'
import type { PaidRequest } from './paid-request.js'
import type { Amount } from './price.js'
import type { PriceTag } from './price-tag.js'
import { newPurchaseId } from './purchase-id.js'
import { readCredential } from './read-credential.js'
import { type Answer, answerRefusal } from './refusal.js'
import { checkAmount } from './top-up/check-amount.js'
import type { Refusal } from './top-up/outcome.js'
import { continuePurchase, topUp } from './top-up/top-up.js'

/**
 * May this request be served?
 *
 * - `free`: nothing to pay.
 * - `granted`: the price is held. Run the handler, then `capture` or `release` the grant.
 * - `refused`: do not run the handler; send the answer.
 */
export type Authorization =
  | { type: 'free' }
  | { type: 'granted'; grant: Grant }
  | { type: 'refused'; answer: Answer }

/**
 * A payment, read top to bottom: price → credential → (top up) → hold. The handler, and capture or release after it,
 * follow in the adapter.
 */
export async function authorize(
  context: Context,
  request: PaidRequest,
  tag: PriceTag,
): Promise<Authorization> {
  const amounts = await tag.amounts(request)
  if (amounts.length === 0) return { type: 'free' }
  const outcome = await pay(context, request, { tag, amounts })
  if (outcome.type === 'granted') return outcome
  const challenge = challengeFor(
    context.settings,
    request,
    { tag, amounts },
    outcome.type === 'refused' ? outcome : undefined,
  )
  return { type: 'refused', answer: answerRefusal(context.settings, request, challenge, outcome) }
}

/** No credential was sent: the plain challenge, without an error. */
interface Unpaid {
  type: 'unpaid'
}

type Outcome = { type: 'granted'; grant: Grant } | Refusal | Unpaid

async function pay(
  context: Context,
  request: PaidRequest,
  { tag, amounts }: { tag: PriceTag; amounts: readonly Amount[] },
): Promise<Outcome> {
  const credential = readCredential(request, amounts)
  if (credential.type !== 'credential') return credential
  const { payment, amount } = credential
  const wish = { context, request, tag, payment, amount }

  if (payment.paymentMethodId === undefined) {
    if (payment.purchaseId !== undefined) return finishThenSpend(wish, payment.purchaseId)
    if (payment.clientId !== undefined) return spendBalance(wish, payment.clientId)
    return {
      type: 'refused',
      error: 'invalid_payment',
      message: 'The payment header names neither a card nor a client.',
    }
  }
  if (payment.clientId !== undefined) {
    const spent = await spendBalance(wish, payment.clientId)
    if (spent.type !== 'refused' || spent.error !== 'insufficient_credits') return spent
  }
  return topUpThenSpend(wish, payment.paymentMethodId)
}

interface Wish {
  context: Context
  request: PaidRequest
  tag: PriceTag
  payment: Payment
  amount: Amount
}

async function spendBalance(
  { context, request, tag, payment, amount }: Wish,
  clientId: ClientId,
): Promise<Outcome> {
  const hold = holdFor(context, {
    request,
    tag,
    payment,
    units: amount.units,
    account: { clientId, currency: amount.currency },
  })
  return spend(context, hold, tag)
}

/** After 3-D Secure, a lost reply or a reload: find out about the purchase, then spend what it brought. */
async function finishThenSpend(wish: Wish, purchaseId: NonNullable<Payment['purchaseId']>): Promise<Outcome> {
  const { context, request, tag, payment, amount } = wish
  const finished = await continuePurchase(context, purchaseId, payment.paymentIntentId)
  if (finished.type === 'refused') return finished
  if (finished.account.currency !== amount.currency)
    return {
      type: 'refused',
      error: 'unsupported_currency',
      message: 'This purchase was made in another currency.',
    }
  const hold = holdFor(context, { request, tag, payment, units: amount.units, account: finished.account })
  return spend(context, hold, tag, finished)
}

async function topUpThenSpend(wish: Wish, paymentMethodId: string): Promise<Outcome> {
  const { context, request, tag, payment, amount } = wish
  const payer = await identifyPayer(context, paymentMethodId)
  if (payer.type === 'refused') return payer
  const account = { clientId: payer.clientId, currency: amount.currency }
  const checked = await checkAmount(context, account, {
    topUpAmount: payment.topUpAmount,
    minTopUp: tag.minTopUp,
    priceUnits: amount.units,
  })
  if (checked.type === 'refused') return checked
  const hold = holdFor(context, { request, tag, payment, units: amount.units, account })
  const purchaseId = payment.purchaseId ?? newPurchaseId(context)
  const terms = {
    ...account,
    purchaseId,
    units: checked.units,
    minor: unitsToMinor(checked.units, account.currency),
    paymentMethodId,
  }
  const bought = await topUp(context, terms, hold)
  if (bought.type === 'refused') return bought
  if (bought.type === 'sufficient')
    return { type: 'granted', grant: grantFor(context, hold, tag, { held: bought.hold, topUp: null }) }
  // The purchase may have ended in another account than this card's, when an earlier card of it was charged after all.
  return spend(context, { ...hold, ...bought.account }, tag, bought)
}
