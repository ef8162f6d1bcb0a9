import type { PurchaseId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import type { Evidence } from '../proof/evidence.js'
import { reportFault } from '../report.js'
import type { HoldRequest, Purchase, PurchaseTerms } from '../store.js'
import { payerOf } from '../stripe-gateway.js'
import { advancePurchase, type Resolve } from './advance-purchase.js'
import { creditIntent } from './credit-intent.js'
import { orPending } from './or-else.js'
import { type Paid, pending, proofRequired, type Refusal, type TopUpOutcome } from './outcome.js'

const FIRST_DELAY_MS = 20
const LONGEST_DELAY_MS = 500

/**
 * Buys credit once, whatever else is going on in this account.
 *
 * `hold` is the wish that lacked credit: while another top-up of the account is open we wait, and if the balance then
 * covers it nothing is charged. Without a hold the person asked for credit as such and gets it.
 */
export async function topUp(
  context: Context,
  terms: PurchaseTerms,
  hold: HoldRequest | null,
): Promise<TopUpOutcome> {
  const { store } = context.settings
  const { clientId, currency } = terms
  const patience = waiting(context)
  for (;;) {
    const prepared = await store.prepareTopUp(terms, hold)
    switch (prepared.type) {
      case 'sufficient':
        return { type: 'sufficient', account: { clientId, currency }, hold: prepared.hold }
      case 'conflict':
        return {
          type: 'refused',
          error: 'invalid_payment',
          message: 'This requestId was used for another request.',
        }
      case 'prepared':
        return asOwn(terms, await carryOn(context, prepared.purchase, 'begin'))
      case 'existing': {
        const { purchase } = prepared
        const isSameCard = purchase.paymentMethodId === terms.paymentMethodId
        if (isUnderWay(context, purchase)) break
        const isStranger = purchase.keyThumbprint !== null && purchase.keyThumbprint !== terms.keyThumbprint
        const outcome = await carryOn(context, purchase, isSameCard || isStranger ? 'resume' : 'replace')
        // The old card took nothing: the purchase is free for the new one.
        if (isSameCard || isClosedQuestion(outcome)) return forAsker(outcome, purchase, terms.keyThumbprint)
        continue
      }
      case 'busy': {
        if (isUnderWay(context, prepared.purchase)) break
        // A bank check that waits for the person is joined by that person, not repeated: one shortage, one payment. Anybody
        // else has perhaps seen the card's number, or is the one whose number was seen.
        const resolve = isSamePerson(prepared.purchase, terms) ? 'cancel' : 'replace'
        const outcome = await carryOn(context, prepared.purchase, resolve)
        if (outcome.type === 'refused' && isClosedQuestion(outcome)) return outcome
        continue
      }
    }
    if (!(await patience())) return pending()
  }
}

/** What this request opened may have ended meanwhile in another's attempt, or at Stripe, with another card. */
function asOwn({ clientId }: PurchaseTerms, outcome: Paid | Refusal): Paid | Refusal {
  return outcome.type === 'paid' && outcome.account.clientId === clientId && outcome.isHolders
    ? { ...outcome, isOwn: true }
    : outcome
}

/** Whether whoever asks opened this purchase: by the key; without one by the PaymentMethod, which a number does not tell. */
function isSamePerson({ keyThumbprint, paymentMethodId }: Purchase, asking: PurchaseTerms): boolean {
  if (keyThumbprint !== asking.keyThumbprint) return false
  return keyThumbprint !== null || paymentMethodId === asking.paymentMethodId
}

/** The bank's check of a purchase is shown to the key that opened it alone: nobody confirms what another one wants paid. */
function forAsker(
  outcome: Paid | Refusal,
  { keyThumbprint }: Purchase,
  asking: string | null,
): Paid | Refusal {
  if (outcome.type === 'paid' || outcome.nextAction === undefined) return outcome
  return keyThumbprint === null || keyThumbprint === asking ? outcome : proofRequired()
}

/**
 * Finds out about a purchase that was begun earlier, and finishes it: after 3-D Secure, after a lost reply, after a reload.
 *
 * `paymentIntentId` lets a store that lost the purchase still find the money; `key` shows who opened it.
 */
export function continuePurchase(
  context: Context,
  { purchaseId, paymentIntentId }: { purchaseId: PurchaseId; paymentIntentId?: string | undefined },
  { key }: Pick<Evidence, 'key'>,
): Promise<Paid | Refusal> {
  // Whoever asks may have paid already: even a store that cannot be read is no reason to say that nothing was charged.
  return orPending(context, 'continuePurchase', async () => {
    await context.start()
    const patience = waiting(context)
    for (;;) {
      const purchase = await context.settings.store.purchase(purchaseId)
      if (purchase === null) return recover(context, purchaseId, paymentIntentId)
      if (!isUnderWay(context, purchase)) {
        const outcome = await advancePurchase(context, purchase, 'resume')
        return forAsker(outcome, purchase, key?.thumbprint ?? null)
      }
      if (!(await patience())) return pending()
    }
  })
}

/** The store does not know the purchase. Its PaymentIntent says how it went; an open one is cancelled before a no. */
async function recover(
  context: Context,
  purchaseId: PurchaseId,
  id: string | undefined,
): Promise<Paid | Refusal> {
  const { gateway, settings } = context
  const isOf = ({ metadata }: Stripe.PaymentIntent): boolean => metadata.purchaseId === purchaseId
  let found = id === undefined ? null : await gateway.retrieveIntent(id)
  // Another shop's of the same Stripe account, or of a secret that we were not told: nobody here may cancel it.
  if (found?.type === 'intent' && isOf(found.intent) && payerOf(found.intent, settings) === null) {
    reportFault(context, 'finding a payment', 'a PaymentIntent that none of our secrets made')
    return pending()
  }
  if (found?.type === 'intent' && isOf(found.intent) && !isEnded(found.intent))
    found = await gateway.cancelIntent(found.intent.id)
  if (found?.type === 'unknown' || found?.type === 'unreachable') return pending()
  if (found?.type === 'intent' && isOf(found.intent)) {
    if (found.intent.status === 'succeeded') return creditIntent(context, found.intent, null)
    if (found.intent.status !== 'canceled') return pending()
  }
  return {
    type: 'refused',
    error: 'payment_failed',
    message:
      id === undefined
        ? 'This purchase is not known here, and nobody has looked for a payment of it. Look at your balance before you start again.'
        : 'This purchase is not known here, and no payment was found for it. Start again.',
  }
}

function isEnded({ status }: Stripe.PaymentIntent): boolean {
  return status === 'succeeded' || status === 'canceled'
}

/** Open, waiting for a process rather than for the person, and touched a moment ago. */
function isUnderWay({ settings }: Context, { status, nowMs, updatedAtMs }: Purchase): boolean {
  return (status === 'prepared' || status === 'intent_saved') && nowMs - updatedAtMs < settings.takeOverMs
}

/** Whether the answer stands even for somebody who would rather start anew. */
function isClosedQuestion(outcome: Paid | Refusal): boolean {
  if (outcome.type === 'paid') return true
  return outcome.error !== 'card_declined' && outcome.error !== 'payment_failed'
}

/** Grows the pauses between two looks; says false once `waitMs` are used up. Counts its own sleep, no clock needed. */
function waiting({ settings }: Context): () => Promise<boolean> {
  let waitedMs = 0
  let delayMs = FIRST_DELAY_MS
  return async () => {
    if (waitedMs >= settings.waitMs) return false
    await settings.runtime.sleep(delayMs)
    waitedMs += delayMs
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
    return true
  }
}

/** Once a purchase exists, a fault leaves its outcome unknown: money may have moved or be about to. */
function carryOn(context: Context, purchase: Purchase, resolve: Resolve): Promise<Paid | Refusal> {
  return orPending(context, `purchase in state ${purchase.status}`, () =>
    advancePurchase(context, purchase, resolve),
  )
}
