import type { Context } from '../context.js'
import { emit, reportFault } from '../report.js'
import type { Mark, MarkResult } from '../store.js'
import type { Attempt, Counted } from './attempt.js'

/** So many of a kind are counted. That many declines are an attack, whatever else is going on. */
const MOST_OUTCOMES = 10_000

/** The two counts that the breaker compares. */
export function outcomeMark(
  { id, limits }: Counted,
  outcome: 'charged' | 'declined',
  { member = id, isOnlyAsked = false }: { member?: string; isOnlyAsked?: boolean } = {},
): Mark {
  return {
    name: outcome,
    member,
    windowMs: limits.breaker.withinMs,
    most: isOnlyAsked ? 0 : MOST_OUTCOMES,
  }
}

/** Whether so many cards are declined that somebody seems to be testing them. */
export function isBreakerOpen(
  { limits }: Attempt,
  charged: MarkResult | undefined,
  declined: MarkResult | undefined,
): boolean {
  const declines = declined?.count ?? 0
  // Beyond what is counted, charges would seem as many as declines.
  if (declines >= MOST_OUTCOMES) return true
  const all = declines + (charged?.count ?? 0)
  return all >= limits.breaker.attempts && declines / all > limits.breaker.declineRatio
}

/** Whether a stranger may try a card: as any other, with a check by its bank, or not before some time has passed. */
export type Passage = { type: 'passes'; wantsBankCheck: boolean } | { type: 'waits'; waitMs: number }

const PASSES: Passage = { type: 'passes', wantsBankCheck: false }

/**
 * What a stranger needs while the breaker is open: the seller's challenge. Without one, a known payer passes, and of the
 * others only as many as `trickle` says.
 */
export async function passageOf(context: Context, attempt: Attempt): Promise<Passage> {
  const { challenge, store } = context.settings
  const { payment, session, limits, request, id } = attempt
  emit(context, () => ({ type: 'limited', limit: 'breaker' }))
  const named = session?.clientId ?? payment.clientId
  // A name is no proof: whoever has one could try ten thousand cards with it.
  if (named !== undefined && (await store.accounts(named)).length > 0) {
    const { most, withinMs } = limits.attemptsPerAccount
    // Counts of their own: a stranger who names an account uses up nothing of its holder's.
    const name = `${session ? 'sessionsPerAccount' : 'namesPerAccount'}:${named}`
    const [counted] = await store.mark([{ name, member: id, windowMs: withinMs, most }])
    if (counted?.isMade) return PASSES
  }
  if (challenge) {
    try {
      const answer = await challenge(request)
      if (answer) return { type: 'passes', wantsBankCheck: answer === 'bank-check' }
    } catch (error) {
      reportFault(context, 'the challenge hook', error)
    }
    return { type: 'waits', waitMs: limits.breaker.withinMs }
  }
  const { most, withinMs } = limits.breaker.trickle
  const [result] = await store.mark([{ name: 'strangers', member: id, windowMs: withinMs, most }])
  return result?.isMade ? PASSES : { type: 'waits', waitMs: result?.freeInMs ?? withinMs }
}
