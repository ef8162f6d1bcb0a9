import type { ClientId } from '@stripe402/core'
import type { Context } from '../context.js'
import { reportFault } from '../report.js'
import type { Mark } from '../store.js'
import { pending, type Refusal, type TopUpOutcome } from '../top-up/outcome.js'
import {
  type Asked,
  emitLimited,
  firstOver,
  firstOverOf,
  markFor,
  perNetwork,
  rateLimited,
} from './ask-limits.js'
import type { Attempt, Counted } from './attempt.js'
import { isBreakerOpen, outcomeMark, passageOf } from './breaker.js'

/** May this attempt ask Stripe whose card it is? Nothing of an attempt that may not reaches Stripe. */
export async function admitAttempt(
  context: Context,
  attempt: Attempt,
): Promise<{ type: 'admitted'; wantsBankCheck: boolean } | Refusal> {
  const { store, runtime } = context.settings
  const [near, ...around] = perNetwork(attempt, 'attemptsPerAddress')
  const asked = [
    ...perNetwork(attempt, 'declinesPerAddress', { isOnlyAsked: true }),
    ...(near === undefined ? [] : [near]),
  ]
  // A retry counts as no further attempt, but asks Stripe as much as one.
  const repeats: Asked[] =
    attempt.payment.purchaseId === undefined
      ? []
      : [{ name: 'repeatsPerAttempt', of: attempt.id, member: runtime.randomUUID() }]
  const marks = asked.map((one) => markFor(attempt, one))
  const [charged, declined, ...results] = await store.mark([
    outcomeMark(attempt, 'charged', { isOnlyAsked: true }),
    outcomeMark(attempt, 'declined', { isOnlyAsked: true }),
    ...marks,
  ])
  const over =
    firstOver(attempt, asked, results) ?? (await firstOverOf(context, attempt, [[...around, ...repeats]]))
  if (over) {
    emitLimited(context, over.name)
    // The purchase that is repeated may have been paid.
    return over.name === 'repeatsPerAttempt'
      ? { ...pending(), retryAfterMs: over.waitMs }
      : rateLimited(over.waitMs)
  }
  let wantsBankCheck = false
  if (isBreakerOpen(attempt, charged, declined)) {
    const passage = await passageOf(context, attempt)
    if (passage.type === 'waits') return rateLimited(Math.max(passage.waitMs, 1000))
    wantsBankCheck = passage.wantsBankCheck
  }
  // Last, so that what others stop does not use up what all share.
  const late = await refuseBy(context, attempt, [[{ name: 'attemptsInAll', of: 'all' }]])
  return late ?? { type: 'admitted', wantsBankCheck }
}

/**
 * May this card be charged? Asked once Stripe has said whose it is. `isOwn`: by a key that is bound to it. Others have
 * tried the number, and neither their attempts nor their declines are a reason to shut out its holder.
 */
export function refuseCard(
  context: Context,
  attempt: Attempt,
  { clientId, isOwn }: { clientId: ClientId; isOwn: boolean },
): Promise<Refusal | null> {
  // Two purchases with one card are one card.
  const cards = perNetwork(attempt, 'cardsPerAddress', { member: clientId })
  return refuseBy(context, attempt, [
    ...cards.map((one) => [one]),
    // After them: somebody who may try no further card does not use up the attempts of its holder.
    [
      ...(isOwn ? [] : [{ name: 'declinesPerCard' as const, of: clientId, isOnlyAsked: true }]),
      { name: 'attemptsPerAccount', of: isOwn ? `own:${clientId}` : clientId },
    ],
  ])
}

/** May this attempt look at what Stripe alone knows, and the store does not? Each look counts. */
export function refuseLook(context: Context, attempt: Attempt): Promise<Refusal | null> {
  return refuseBy(context, attempt, lookSteps(attempt, context.settings.runtime.randomUUID()))
}

/** The limits of a look, the narrow ones first. */
export function lookSteps(attempt: Attempt, member: string): Asked[][] {
  const near = perNetwork(attempt, 'lookupsPerAddress', { member })
  return [...near.map((one) => [one]), [{ name: 'lookupsInAll', of: 'all', member }]]
}

/** Remembers how an attempt ended. A fault here says nothing about the money, so it changes no answer. */
export async function noteOutcome(
  context: Context,
  attempt: Attempt,
  clientId: ClientId,
  outcome: TopUpOutcome,
): Promise<void> {
  // What was paid earlier says nothing about this card, and can be asked about for nothing.
  if (outcome.type === 'paid' && outcome.isOwn) await noteCharge(context, attempt, outcome.paymentIntentId)
  else if (outcome.type === 'refused' && outcome.error === 'card_declined')
    await noteDecline(context, attempt, clientId)
}

/** Remembers that a payment has just gone through; each counts once, whoever comes with it. */
export async function noteCharge(context: Context, attempt: Attempt, paymentIntentId: string): Promise<void> {
  await count(context, [outcomeMark(attempt, 'charged', { member: paymentIntentId })])
}

/** Remembers that a card was declined, or that its issuer did not confirm it: both tell a thief something. */
export async function noteDecline(
  context: Context,
  attempt: Counted,
  ...clientIds: readonly ClientId[]
): Promise<void> {
  const asked: Asked[] = [
    ...clientIds.map((of) => ({ name: 'declinesPerCard' as const, of })),
    ...perNetwork(attempt, 'declinesPerAddress'),
  ]
  await count(context, [outcomeMark(attempt, 'declined'), ...asked.map((one) => markFor(attempt, one))])
}

async function count(context: Context, marks: readonly Mark[]): Promise<void> {
  try {
    await context.settings.store.mark(marks)
  } catch (error) {
    reportFault(context, 'counting an attempt', error)
  }
}

async function refuseBy(
  context: Context,
  attempt: Attempt,
  steps: readonly (readonly Asked[])[],
): Promise<Refusal | null> {
  const over = await firstOverOf(context, attempt, steps)
  if (!over) return null
  emitLimited(context, over.name)
  return rateLimited(over.waitMs)
}
