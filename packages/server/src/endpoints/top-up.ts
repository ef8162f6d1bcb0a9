import { HEADERS, type PaymentResponse, readPayment } from '@stripe402/core'
import { challengeFor } from '../challenge.js'
import type { Context } from '../context.js'
import { continueWithin } from '../limits/continue-within.js'
import type { PaidRequest } from '../paid-request.js'
import type { Amount } from '../price.js'
import { priceTag } from '../price-tag.js'
import { mayActFor } from '../proof/act-for.js'
import { hasBegun } from '../proof/bound-key.js'
import { type Evidence, evidenceOf } from '../proof/evidence.js'
import { navigationCookie } from '../proof/navigation.js'
import { isPaidByHolder } from '../proof/payer-card.js'
import { type Right, rightOfBuyer } from '../proof/right-to-spend.js'
import { spendProof } from '../proof/spend-proof.js'
import { readCredential } from '../read-credential.js'
import { type Answer, answerProblem, answerReceipt, answerRefusal } from '../refusal.js'
import { requireOpen } from '../require-open.js'
import { namesCard } from '../saved-card/kept-card.js'
import type { AccountKey } from '../store.js'
import { buyCredit } from '../top-up/buy-credit.js'
import { orPending, orUnavailable } from '../top-up/or-else.js'
import { type Paid, pending, proofRequired, type Refusal, type ToldBalance } from '../top-up/outcome.js'

/**
 * Answers `/.well-known/stripe402/top-up`: credit for its own sake, charged whatever the balance is.
 *
 * `POST` with a `payment` header charges. Anything else is answered with a 402 of amount 0 that says what can be bought.
 */
export async function answerTopUp(context: Context, request: PaidRequest): Promise<Answer> {
  const { settings } = context
  const tag = priceTag({ price: 0, description: 'Credit' }, settings)
  const amounts = settings.currencies.map((currency) => ({ currency, units: 0 }))
  const outcome = await orUnavailable(context, 'top-up', () => buy(context, request, amounts))
  if (outcome.type !== 'paid') {
    await spendProof(context, request)
    const challenge = challengeFor(
      settings,
      request,
      { tag, amounts },
      outcome.type === 'refused' ? outcome : undefined,
      outcome.balance,
    )
    return answerRefusal(settings, request, challenge, outcome)
  }
  const receipt = await orPending(context, 'balance after a charge', () =>
    receiptFor(context, request, outcome),
  )
  await spendProof(context, request)
  if ('type' in receipt) return answerProblem(receipt)
  const answer = answerReceipt(receipt, receipt)
  const { session } = receipt
  const cookie = session === undefined ? undefined : navigationCookie(settings, request, session)
  return cookie === undefined ? answer : { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } }
}

/** The receipt, for whoever could spend what was paid: the name of a purchase alone tells nobody whose it is, and how much. */
async function receiptFor(
  context: Context,
  request: PaidRequest,
  paid: Paid,
): Promise<PaymentResponse | Refusal> {
  const { account, paymentIntentId, purchaseId } = paid
  const decoded = readPayment(request.header(HEADERS.PAYMENT))
  if (!decoded.ok) return proofRequired()
  const evidence = evidenceOf(context, request, decoded.value)
  const right = await rightOfBuyer(context, evidence, paid)
  if (right.type === 'refused' && right.error === 'payment_pending') return right
  if (!(await isGood(context, right, account))) {
    // A proof that was good before stands in a log, and names nobody; or a browser has sent it twice, whose page signs anew.
    const { key } = evidence
    const isBuyer = key !== null && (await hasBegun(context, key, { ...account, purchaseId }))
    return isBuyer && (await isPaidByHolder(context, paid)) ? pending() : proofRequired()
  }
  const found = await context.settings.store.account(account)
  return {
    success: true,
    ...account,
    charged: 0,
    creditsRemaining: found.available,
    chargeId: paymentIntentId,
    purchaseId,
    ...(right.type === 'right' && right.issue && { session: right.issue(found) }),
  }
}

/** Whether a right is one to an account as it is now. */
async function isGood({ settings }: Context, right: Right | Refusal, account: AccountKey): Promise<boolean> {
  if (right.type === 'refused') return false
  return right.era === undefined || right.era === (await settings.store.keys(account)).era
}

async function buy(
  context: Context,
  request: PaidRequest,
  amounts: readonly Amount[],
): Promise<Paid | Refusal | { type: 'unpaid'; balance?: ToldBalance }> {
  // A GET promises to be safe; what it answers is the offer.
  if (request.method !== 'POST') return { type: 'unpaid' }
  const credential = readCredential(context.settings, request, amounts)
  if (credential.type !== 'credential') return credential
  const { payment, amount } = credential
  if (!namesCard(payment)) {
    const { purchaseId } = payment
    const evidence = evidenceOf(context, request, payment)
    if (purchaseId !== undefined) return continueWithin(context, request, { payment, purchaseId, evidence })
    return payment.clientId === undefined
      ? { type: 'refused', error: 'invalid_payment', message: 'The payment header names no card to charge.' }
      : {
          type: 'unpaid',
          ...(await balanceFor(context, evidence, { ...amount, clientId: payment.clientId })),
        }
  }
  await context.start()
  const bought = await buyCredit(
    context,
    request,
    {
      payment,
      currency: amount.currency,
      priceUnits: 0,
      minTopUp: undefined,
      evidence: evidenceOf(context, request, payment),
    },
    () => null,
  )
  if (bought.type === 'refused') return bought
  // Without a hold the store never answers that the balance is enough.
  return bought.outcome.type === 'sufficient' ? { type: 'unpaid' } : bought.outcome
}

/** What a client of ours has: it may have been spent elsewhere, by a navigation or on another device. */
async function balanceFor(
  context: Context,
  evidence: Evidence,
  { clientId, currency }: AccountKey,
): Promise<{ balance?: ToldBalance }> {
  await context.start()
  if (!(await mayActFor(context, evidence, clientId))) return {}
  const { available } = await context.settings.store.account({ clientId, currency })
  if (available === 0) await requireOpen(context, clientId)
  return { balance: { currency, units: available } }
}
