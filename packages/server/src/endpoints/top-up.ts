import { HEADERS, serializePaymentResponse, unitsToMinor } from '@stripe402/core'
import { challengeFor } from '../challenge.js'
import type { Context } from '../context.js'
import { identifyPayer } from '../identify-payer.js'
import type { PaidRequest } from '../paid-request.js'
import { priceTag } from '../price-tag.js'
import { newPurchaseId } from '../purchase-id.js'
import { readCredential } from '../read-credential.js'
import { type Answer, answerRefusal } from '../refusal.js'
import { checkAmount } from '../top-up/check-amount.js'
import type { Paid, Refusal } from '../top-up/outcome.js'
import { continuePurchase, topUp } from '../top-up/top-up.js'

/**
 * Answers `/.well-known/stripe402/top-up`: credit for its own sake, charged whatever the balance is.
 *
 * Without a `payment` header the answer is a 402 of amount 0 that says what can be bought.
 */
export async function answerTopUp(context: Context, request: PaidRequest): Promise<Answer> {
  const { settings } = context
  const tag = priceTag({ price: 0, description: 'Credit' }, settings)
  const amounts = settings.currencies.map((currency) => ({ currency, units: 0 }))
  const outcome = await buy(context, request, amounts)
  if (outcome.type !== 'paid') {
    const challenge = challengeFor(
      settings,
      request,
      { tag, amounts },
      outcome.type === 'refused' ? outcome : undefined,
    )
    return answerRefusal(settings, request, challenge, outcome)
  }
  const { clientId, currency } = outcome.account
  const { available } = await settings.store.account(outcome.account)
  const receipt = {
    success: true,
    clientId,
    currency,
    charged: 0,
    creditsRemaining: available,
    chargeId: outcome.paymentIntentId,
    purchaseId: outcome.purchaseId,
  }
  return {
    status: 200,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      [HEADERS.PAYMENT_RESPONSE]: serializePaymentResponse(receipt),
    },
    body: JSON.stringify(receipt),
  }
}

async function buy(
  context: Context,
  request: PaidRequest,
  amounts: readonly { currency: string; units: number }[],
): Promise<Paid | Refusal | { type: 'unpaid' }> {
  const credential = readCredential(request, amounts)
  if (credential.type !== 'credential') return credential
  const { payment, amount } = credential
  if (payment.paymentMethodId === undefined) {
    if (payment.purchaseId !== undefined)
      return continuePurchase(context, payment.purchaseId, payment.paymentIntentId)
    return payment.clientId === undefined
      ? { type: 'refused', error: 'invalid_payment', message: 'The payment header names no card to charge.' }
      : { type: 'unpaid' }
  }
  const payer = await identifyPayer(context, payment.paymentMethodId)
  if (payer.type === 'refused') return payer
  const account = { clientId: payer.clientId, currency: amount.currency }
  const checked = await checkAmount(context, account, {
    topUpAmount: payment.topUpAmount,
    minTopUp: undefined,
    priceUnits: 0,
  })
  if (checked.type === 'refused') return checked
  const terms = {
    ...account,
    purchaseId: payment.purchaseId ?? newPurchaseId(context),
    units: checked.units,
    minor: unitsToMinor(checked.units, account.currency),
    paymentMethodId: payment.paymentMethodId,
  }
  const bought = await topUp(context, terms, null)
  // Without a hold the store never answers that the balance is enough.
  return bought.type === 'sufficient' ? { type: 'unpaid' } : bought
}
