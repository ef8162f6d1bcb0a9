import type { Context } from '../context.js'
import { emit, reportFault } from '../report.js'
import type { Mark, MarkResult } from '../store.js'
import type { Attempt } from './attempt.js'

/** More than this many outcomes of a kind need not be counted to know how they compare. */
const MOST_OUTCOMES = 1000

/** The two counts that the breaker compares. */
export function outcomeMark(
  attempt: Attempt,
  outcome: 'charged' | 'declined',
  most: number = MOST_OUTCOMES,
): Mark {
  return { name: outcome, member: attempt.id, windowMs: attempt.limits.breaker.withinMs, most }
}

/** Whether so many cards are declined that somebody seems to be testing them. */
export function isBreakerOpen(
  { limits }: Attempt,
  charged: MarkResult | undefined,
  declined: MarkResult | undefined,
): boolean {
  const declines = declined?.count ?? 0
  const all = declines + (charged?.count ?? 0)
  return all >= limits.breaker.attempts && declines / all > limits.breaker.declineRatio
}

/**
 * What a stranger needs while the breaker is open: the seller's challenge. Without one, a known payer passes, and of the
 * others only as many as `trickle` says. `null`: this one may try.
 */
export async function refuseStranger(context: Context, attempt: Attempt): Promise<{ waitMs: number } | null> {
  const { challenge, store } = context.settings
  const { payment, session, limits, request, id } = attempt
  emit(context, () => ({ type: 'limited', limit: 'breaker' }))
  const named = session?.clientId ?? payment.clientId
  // A name is no proof: whoever has one could try ten thousand cards with it.
  if (named !== undefined && (await store.accounts(named)).length > 0) {
    const { most, withinMs } = limits.attemptsPerAccount
    const name = `attemptsPerAccount:${named}`
    const [counted] = await store.mark([{ name, member: id, windowMs: withinMs, most }])
    if (counted?.isMade) return null
  }
  if (challenge) {
    try {
      return (await challenge(request)) ? null : { waitMs: limits.breaker.withinMs }
    } catch (error) {
      reportFault(context, 'the challenge hook', error)
      return { waitMs: limits.breaker.withinMs }
    }
  }
  const { most, withinMs } = limits.breaker.trickle
  const [result] = await store.mark([{ name: 'strangers', member: id, windowMs: withinMs, most }])
  return result?.isMade ? null : { waitMs: result?.freeInMs ?? withinMs }
}
