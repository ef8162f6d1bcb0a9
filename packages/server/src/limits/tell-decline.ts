import type { ClientId } from '@stripe402/core'
import type { Context } from '../context.js'
import { describeDecline } from '../decline.js'
import { reportFault } from '../report.js'
import type { Paid, Refusal, TopUpOutcome } from '../top-up/outcome.js'
import { markFor, perNetwork } from './ask-limits.js'
import type { Attempt } from './attempt.js'
import { isBreakerOpen, outcomeMark } from './breaker.js'

/** An address that nobody has tried a card from before is told why the first one did not pay. */
const MOST_TOLD = 1

/**
 * Takes the bank's reason from a decline, unless whoever asks may know it: the first decline of an address within its hour,
 * or a session of the account that the card belongs to, and nobody while the breaker is open. To everybody else all declines look alike: a
 * reason tells a thief which cards are worth something.
 */
export async function tellDecline<Outcome extends Paid | Refusal | TopUpOutcome>(
  context: Context,
  attempt: Attempt | null,
  { outcome, of }: { outcome: Outcome; of: ClientId | undefined },
): Promise<Outcome> {
  if (attempt === null || !isDecline(outcome) || (await mayKnow(context, attempt, of))) return outcome
  const { message, ...decline } = describeDecline(undefined)
  return { ...outcome, message, decline }
}

function isDecline(outcome: Paid | Refusal | TopUpOutcome): boolean {
  return outcome.type === 'refused' && outcome.error === 'card_declined'
}

async function mayKnow(context: Context, attempt: Attempt, of: ClientId | undefined): Promise<boolean> {
  const { session } = attempt
  try {
    const [charged, declined, ofAddress] = await context.settings.store.mark([
      outcomeMark(attempt, 'charged', { isOnlyAsked: true }),
      outcomeMark(attempt, 'declined', { isOnlyAsked: true }),
      ...perNetwork(attempt, 'declinesPerAddress', { isOnlyAsked: true }).map((one) => markFor(attempt, one)),
    ])
    if (isBreakerOpen(attempt, charged, declined)) return false
    if (session !== null && session.clientId === of) return true
    return ofAddress !== undefined && ofAddress.count <= MOST_TOLD
  } catch (error) {
    reportFault(context, 'counting declines', error)
    return false
  }
}
