import type { ClientId, Payment, PurchaseId } from '@stripe402/core'
import { challengeFor } from './challenge.js'
import type { Context } from './context.js'
import { type Grant, grantFor } from './grant.js'
import { holdFor, operationOf, spend } from './hold-credits.js'
import { noteDecline, refuseLook } from './limits/admit-attempt.js'
import { attemptOf } from './limits/attempt.js'
import { continueWithin } from './limits/continue-within.js'
import { fingerprintOf, type PaidRequest } from './paid-request.js'
import type { Amount } from './price.js'
import type { PriceTag } from './price-tag.js'
import { rightOfCheck } from './proof/bank-check.js'
import { type Evidence, evidenceOf, knownEvidence } from './proof/evidence.js'
import { navigationCookie } from './proof/navigation.js'
import { isBeyond, type Right, rightOfBuyer, rightOfCard, rightToSpend } from './proof/right-to-spend.js'
import { spendProof } from './proof/spend-proof.js'
import { readCredential } from './read-credential.js'
import { type Answer, answerRefusal, answerUnreadable } from './refusal.js'
import { namesCard } from './saved-card/kept-card.js'
import type { AccountKey, HoldRequest, HoldResult } from './store.js'
import { buyCredit } from './top-up/buy-credit.js'
import { orPending, unavailableFor } from './top-up/or-else.js'
import { type Paid, proofRequired, type Refusal } from './top-up/outcome.js'
import { grantUnread, isBodyUnread } from './unread-body.js'

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
  const offered = tag.amounts(request)
  const amounts = Array.isArray(offered) ? offered : await offered
  if (amounts.length === 0) return { type: 'free' }
  let outcome: Outcome
  try {
    outcome = await pay(context, request, { tag, amounts })
  } catch (error) {
    outcome = unavailableFor(context, 'authorize', error)
  }
  // Nearly no request has one, and none is waited for that has not.
  if (knownEvidence(request)) await spendProof(context, request)
  if (outcome.type === 'granted')
    return { type: 'granted', grant: withCookie(context, request, outcome.grant) }
  if (outcome.type === 'unreadable') return { type: 'refused', answer: answerUnreadable() }
  const refusal = outcome.type === 'refused' ? outcome : undefined
  const challenge = challengeFor(context.settings, request, { tag, amounts }, refusal)
  return { type: 'refused', answer: answerRefusal(context.settings, request, challenge, outcome) }
}

/** A page that has been given a session gets it as a cookie, too, for its next navigation. */
function withCookie({ settings }: Context, request: PaidRequest, grant: Grant): Grant {
  if (grant.session === undefined) return grant
  return { ...grant, cookie: navigationCookie(settings, request, grant.session) }
}

/** No credential was sent: the plain challenge, without an error. */
interface Unpaid {
  type: 'unpaid'
}

/** Its request id stands for a body that cannot be told from another. Nothing was asked, and nothing moved. */
interface Unreadable {
  type: 'unreadable'
}

type Outcome = { type: 'granted'; grant: Grant } | Refusal | Unpaid | Unreadable

const NOTHING_TO_PAY_WITH: Refusal = {
  type: 'refused',
  error: 'invalid_payment',
  message: 'The payment header names neither a card nor a client.',
}

const OTHER_CURRENCY: Refusal = {
  type: 'refused',
  error: 'unsupported_currency',
  message: 'This purchase was made in another currency.',
}

const A_CARD_MAY_MEND: ReadonlySet<string> = new Set([
  'insufficient_credits',
  'account_frozen',
  'proof_required',
])

async function pay(
  context: Context,
  request: PaidRequest,
  { tag, amounts }: { tag: PriceTag; amounts: readonly Amount[] },
): Promise<Outcome> {
  const credential = readCredential(context.settings, request, amounts)
  if (credential.type !== 'credential') {
    // Nobody is asked to pay where nobody can.
    await context.start()
    return credential
  }
  const { payment, amount } = credential
  const fingerprint = payment.requestId === undefined ? undefined : fingerprintOf(request)
  if (fingerprint === null) return { type: 'unreadable' }
  const wish = {
    context,
    request,
    tag,
    payment,
    amount,
    fingerprint,
    evidence: evidenceOf(context, request, payment),
  }

  const { requestId } = payment
  if (requestId === undefined || !isBodyUnread(request)) return payBy(wish)
  // An answer that was sent a moment ago may not be in the store yet.
  await context.captures.written(operationOf(request, requestId))
  const outcome = await payBy(wish)
  return outcome.type === 'granted' ? grantUnread(context, requestId, outcome.grant) : outcome
}

async function payBy(wish: Wish): Promise<Outcome> {
  const { context, payment } = wish
  // Before the store is needed: a purchase that was begun may have been paid, and only its own steps know what to say.
  const { purchaseId, paymentIntentId } = payment
  if (purchaseId !== undefined && !namesCard(payment))
    return paymentIntentId?.startsWith('seti_')
      ? spendChecked(wish, { setupIntentId: paymentIntentId, purchaseId })
      : finishThenSpend(wish, purchaseId)
  if (!context.isStarted()) await context.start()
  if (!namesCard(payment))
    return payment.clientId === undefined ? NOTHING_TO_PAY_WITH : await spendBalance(wish, payment.clientId)
  if (payment.clientId !== undefined) {
    const spent = await spendBalance(wish, payment.clientId)
    // Frozen may mean in debt, which a top-up repays; it tells a debt from a dispute before it charges. Without proof of
    // whose the account is, the card may still show it.
    if (spent.type !== 'refused' || !A_CARD_MAY_MEND.has(spent.error)) return spent
  }
  return topUpThenSpend(wish)
}

interface Wish {
  context: Context
  request: PaidRequest
  tag: PriceTag
  payment: Payment
  amount: Amount
  fingerprint: string | undefined
  evidence: Evidence
}

/** The path of nearly every request; each promise that it does without is half a microsecond. */
async function spendBalance(wish: Wish, clientId: ClientId): Promise<Outcome> {
  const { context, tag, amount, evidence } = wish
  const account = { clientId, currency: amount.currency }
  const asked = rightToSpend(context, evidence, account)
  const right = asked instanceof Promise ? await asked : asked
  return right.type === 'refused' ? right : await spend(context, holdOn(wish, account, right), tag, right)
}

/** After 3-D Secure, a lost reply or a reload: find out about the purchase, then spend what it brought. */
async function finishThenSpend(wish: Wish, purchaseId: PurchaseId): Promise<Outcome> {
  const { context, request, payment, evidence } = wish
  const finished = await continueWithin(context, request, { payment, purchaseId, evidence })
  return finished.type === 'paid' ? spendPaid(wish, finished) : finished
}

/** After a check that charged nothing: the balance pays, or nothing does. */
async function spendChecked(
  wish: Wish,
  check: { setupIntentId: string; purchaseId: PurchaseId },
): Promise<Outcome> {
  const { context, request, tag, payment, amount, evidence } = wish
  await context.start()
  const attempt = attemptOf(context.settings, request, payment)
  const early = attempt && (await refuseLook(context, attempt))
  if (early) return early
  const found = await rightOfCheck(context, evidence, check)
  if (found.type === 'refused') return found
  const { account, right } = found
  if (right.type === 'refused') {
    if (attempt && right.decline) await noteDecline(context, attempt, account.clientId)
    return right
  }
  if (account.currency !== amount.currency) return OTHER_CURRENCY
  return spend(context, holdOn(wish, account, right), tag, right)
}

async function topUpThenSpend(wish: Wish): Promise<Outcome> {
  const { context, request, tag, payment, amount, evidence } = wish
  const { currency, units: priceUnits } = amount
  const bought = await buyCredit(
    context,
    request,
    { payment, currency, priceUnits, minTopUp: tag.minTopUp, evidence },
    (account) => holdOn(wish, account),
  )
  if (bought.type === 'refused') return bought
  const { outcome, hold, paymentMethodId } = bought
  if (outcome.type === 'sufficient') return spendAsHolder(wish, paymentMethodId, { hold, held: outcome.hold })
  return outcome.type === 'paid' ? spendPaid(wish, outcome) : outcome
}

/** The balance covers the price, and nothing was charged: whoever sent the card has yet to show that it is theirs. */
async function spendAsHolder(
  { context, request, payment, tag, evidence }: Wish,
  paymentMethodId: string,
  { hold, held }: { hold: HoldRequest; held: Extract<HoldResult, { type: 'held' | 'admitted' }> },
): Promise<Outcome> {
  const { clientId, currency } = hold
  const account = { clientId, currency }
  const right = await orElseRelease(context, hold, async () => {
    const { purchaseId } = payment
    const found = await rightOfCard(context, evidence, { account, paymentMethodId, purchaseId })
    // Where the holder is asked, their answer counts.
    const isNo = found.type === 'refused' && found.nextAction === undefined && !found.isNoAttempt
    const attempt = isNo && attemptOf(context.settings, request, payment)
    if (attempt) await noteDecline(context, attempt, clientId)
    return found.type === 'right' && isBeyond(found, held.account) ? proofRequired() : found
  })
  if (right.type === 'refused') return right
  return {
    type: 'granted',
    grant: grantFor(context, hold, tag, { held, topUp: null, right }),
  }
}

/** Runs a check that comes after a hold; unless it ends in a right, the units go back. */
async function orElseRelease(
  context: Context,
  hold: HoldRequest,
  check: () => Promise<Right | Refusal>,
): Promise<Right | Refusal> {
  const right = await check().catch((error: unknown) => ({ type: 'failed' as const, error }))
  if (right.type === 'right') return right
  await context.settings.store.release(hold)
  if (right.type === 'failed') throw right.error
  return right
}

/**
 * Spends what a purchase brought, wherever it ended: not in this card's account when an earlier card of the purchase was
 * charged after all, and perhaps in another currency, whose units are worth something else.
 */
async function spendPaid(wish: Wish, paid: Paid): Promise<Outcome> {
  const { context, tag, amount, evidence } = wish
  if (paid.account.currency !== amount.currency) return OTHER_CURRENCY
  return orPending(context, 'hold after a charge', async () => {
    // Who comes later with the name of a purchase has not thereby shown to be its buyer.
    const right = await rightOfBuyer(context, evidence, paid)
    return right.type === 'refused'
      ? right
      : spend(context, holdOn(wish, paid.account, right), tag, right, paid)
  })
}

function holdOn(
  { context, request, tag, payment, amount, fingerprint }: Wish,
  account: AccountKey,
  right?: Right,
): HoldRequest {
  const { units } = amount
  return holdFor(context, { request, tag, payment, fingerprint, units, account, era: right?.era })
}
