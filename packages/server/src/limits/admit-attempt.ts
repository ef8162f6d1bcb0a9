import type { ClientId } from '@stripe402/core'
import type { Context } from '../context.js'
import { emit, reportFault } from '../report.js'
import type { Mark } from '../store.js'
import type { Refusal, TopUpOutcome } from '../top-up/outcome.js'
import type { Attempt } from './attempt.js'
import { isBreakerOpen, outcomeMark, refuseStranger } from './breaker.js'
import type { Limit, Limits } from './limits.js'

type Asked = { name: Exclude<keyof Limits, 'breaker'>; of: string; isOnlyAsked?: boolean }

/** May this attempt ask Stripe whose card it is? `null`: yes. Nothing of an attempt that may not reaches Stripe. */
export async function refuseAttempt(context: Context, attempt: Attempt): Promise<Refusal | null> {
  const { from } = attempt
  const { store } = context.settings
  const asked: Asked[] =
    from === undefined
      ? []
      : [
          { name: 'declinesPerAddress', of: from, isOnlyAsked: true },
          { name: 'attemptsPerAddress', of: from },
        ]
  const marks = asked.map((one) => markFor(attempt, one))
  const [charged, declined, ...results] = await store.mark([
    outcomeMark(attempt, 'charged', 0),
    outcomeMark(attempt, 'declined', 0),
    ...marks,
  ])
  const refusal = firstRefusal(context, attempt, asked, results)
  if (refusal) return refusal
  if (isBreakerOpen(attempt, charged, declined)) {
    const wait = await refuseStranger(context, attempt)
    if (wait) return rateLimited(wait.waitMs)
  }
  // Last, so that what others stop does not use up what all share.
  return refuseBy(context, attempt, [{ name: 'attemptsInAll', of: 'all' }])
}

/** May this card be charged? Asked once Stripe has said whose it is. */
export async function refuseCard(
  context: Context,
  attempt: Attempt,
  clientId: ClientId,
): Promise<Refusal | null> {
  const { from } = attempt
  return refuseBy(
    context,
    attempt,
    [
      { name: 'declinesPerCard', of: clientId, isOnlyAsked: true },
      { name: 'attemptsPerAccount', of: clientId },
      ...(from === undefined ? [] : [{ name: 'cardsPerAddress' as const, of: from }]),
    ],
    clientId,
  )
}

/** Remembers how an attempt ended. A fault here says nothing about the money, so it changes no answer. */
export async function noteOutcome(
  context: Context,
  attempt: Attempt,
  clientId: ClientId,
  outcome: TopUpOutcome,
): Promise<void> {
  if (outcome.type === 'paid') await count(context, [outcomeMark(attempt, 'charged')])
  else if (outcome.type === 'refused' && outcome.error === 'card_declined')
    await noteDecline(context, attempt, clientId)
}

/** Remembers that a card was declined, or that its issuer did not confirm it: both tell a thief something. */
export async function noteDecline(context: Context, attempt: Attempt, clientId: ClientId): Promise<void> {
  const { from } = attempt
  await count(context, [
    outcomeMark(attempt, 'declined'),
    markFor(attempt, { name: 'declinesPerCard', of: clientId }),
    ...(from === undefined ? [] : [addressDeclines(attempt, from)]),
  ])
}

/** The mark that counts the declines of an address; with `most` 0 it only asks how many there are. */
export function addressDeclines(attempt: Attempt, from: string, most?: 0): Mark {
  return markFor(attempt, { name: 'declinesPerAddress', of: from, isOnlyAsked: most === 0 })
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
  asked: readonly Asked[],
  card?: ClientId,
): Promise<Refusal | null> {
  const marks = asked.map((one) => {
    const mark = markFor(attempt, one)
    // Two purchases with one card are one card.
    return one.name === 'cardsPerAddress' && card !== undefined ? { ...mark, member: card } : mark
  })
  return firstRefusal(context, attempt, asked, await context.settings.store.mark(marks))
}

function firstRefusal(
  context: Context,
  { limits }: Attempt,
  asked: readonly Asked[],
  results: readonly { isMade: boolean; count: number; freeInMs: number }[],
): Refusal | null {
  for (const [at, { name, isOnlyAsked }] of asked.entries()) {
    const result = results[at]
    const isOver = isOnlyAsked ? (result?.count ?? 0) >= limits[name].most : !result?.isMade
    if (!isOver) continue
    emit(context, () => ({ type: 'limited', limit: name }))
    return rateLimited(result?.freeInMs ?? limits[name].withinMs)
  }
  return null
}

function markFor({ limits, id }: Attempt, { name, of, isOnlyAsked }: Asked): Mark {
  const { most, withinMs }: Limit = limits[name]
  return { name: `${name}:${of}`, member: id, windowMs: withinMs, most: isOnlyAsked ? 0 : most }
}

/** The same words for every limit: they are no help in finding the way around. */
function rateLimited(waitMs: number): Refusal {
  return {
    type: 'refused',
    error: 'rate_limited',
    message: 'Too many attempts. Nothing was charged; try again later.',
    retryAfterMs: Math.max(waitMs, 1000),
  }
}
