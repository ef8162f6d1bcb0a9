import type { Context } from '../context.js'
import { emit } from '../report.js'
import type { Mark, MarkResult } from '../store.js'
import type { Refusal } from '../top-up/outcome.js'
import type { Attempt, Counted } from './attempt.js'
import type { Limit, Limits } from './limits.js'

type LimitName = Exclude<keyof Limits, 'breaker'>

/** A limit that an attempt has to keep within. */
export interface Asked {
  name: LimitName
  /** Of whom: each has a count of its own. */
  of: string
  /** A wider network may do as much as so many addresses. Default 1. */
  times?: number | undefined
  /** What is counted, where it is not the attempt. */
  member?: string | undefined
  /** Looks without counting. */
  isOnlyAsked?: boolean
}

/** A limit for each network that an attempt came from, the narrower first; none when nobody knows its address. */
export function perNetwork(
  { networks }: Pick<Attempt, 'networks'>,
  name: LimitName,
  rest: Pick<Asked, 'member' | 'isOnlyAsked'> = {},
): Asked[] {
  return networks.map((network) => ({ name, ...network, ...rest }))
}

/** The mark that counts an attempt, or only asks how many there are. */
export function markFor(attempt: Counted, { name, of, times, member, isOnlyAsked }: Asked): Mark {
  const { withinMs } = attempt.limits[name]
  return {
    name: `${name}:${of}`,
    member: member ?? attempt.id,
    windowMs: withinMs,
    most: isOnlyAsked ? 0 : mostOf(attempt, { name, times }),
  }
}

/** The first limit that an attempt went beyond, and how long it has to wait; `null` when there is none. */
export function firstOver(
  attempt: Attempt,
  asked: readonly Asked[],
  results: readonly MarkResult[],
): { name: LimitName; waitMs: number } | null {
  for (const [at, one] of asked.entries()) {
    const result = results[at]
    const isOver = one.isOnlyAsked ? (result?.count ?? 0) >= mostOf(attempt, one) : !result?.isMade
    if (!isOver) continue
    const { withinMs }: Limit = attempt.limits[one.name]
    return { name: one.name, waitMs: Math.max(result?.freeInMs ?? withinMs, 1000) }
  }
  return null
}

/**
 * The same for limits in steps, narrow ones before those that are shared with others: whoever a narrow one stops uses up
 * nothing of theirs. Each step is a round trip.
 */
export async function firstOverOf(
  { settings }: Context,
  attempt: Attempt,
  steps: readonly (readonly Asked[])[],
): Promise<{ name: LimitName; waitMs: number } | null> {
  for (const asked of steps) {
    const marks = asked.map((one) => markFor(attempt, one))
    const over = firstOver(attempt, asked, marks.length === 0 ? [] : await settings.store.mark(marks))
    if (over) return over
  }
  return null
}

/** Tells the seller of a limit that stopped somebody. */
export function emitLimited(context: Context, limit: keyof Limits): void {
  emit(context, () => ({ type: 'limited', limit }))
}

/** The same words for every limit: they are no help in finding the way around. */
export function rateLimited(waitMs: number): Refusal {
  return {
    type: 'refused',
    error: 'rate_limited',
    message: 'Too many attempts. Nothing was charged; try again later.',
    retryAfterMs: waitMs,
  }
}

function mostOf(
  { limits }: Pick<Attempt, 'limits'>,
  { name, times = 1 }: Pick<Asked, 'name' | 'times'>,
): number {
  return limits[name].most * times
}
