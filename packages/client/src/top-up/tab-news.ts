import type { Approved } from '../next-step.js'
import type { Credited, OriginMemory } from '../origin-memory.js'
import type { PaymentOutcome } from '../payer.js'

/** What a tab tells those that wait for it. `nothing`: they have to see for themselves. */
export type TabNews =
  /** Absent from a tab that runs an older version: then nothing is approved. */
  | ({ type: 'credited'; approved?: Approved | undefined } & Credited)
  | { type: 'ended'; outcome: PaymentOutcome }
  | { type: 'nothing' }

/** How a session ended, in the tab that asked. */
interface Ending {
  readonly currency: string
  readonly topUpsBefore: number
  readonly outcome: PaymentOutcome
  readonly approved: Approved | undefined
  /** Nobody has decided: it was given up, or each request decides for itself. */
  readonly isOpen: boolean
}

/** What the tabs that wait should know of a session: nothing when it is open, or a matter of its own tab alone. */
export function newsOf(
  memory: OriginMemory,
  { currency, topUpsBefore, outcome, approved, isOpen }: Ending,
): TabNews {
  try {
    const topUps = memory.topUps()
    if (topUps !== topUpsBefore)
      return {
        type: 'credited',
        topUps,
        account: memory.account(currency),
        signOuts: memory.signOuts(),
        approved,
      }
  } catch {
    // An app's own store: who waits in another tab sees for itself.
    return { type: 'nothing' }
  }
  const { type } = outcome
  const isFinal =
    type === 'declined' ||
    (type === 'cancelled' && !isOpen) ||
    (type === 'failed' && /^(account_frozen|rate_limited|unavailable)$/.test(outcome.error))
  return isFinal ? { type: 'ended', outcome } : { type: 'nothing' }
}

/** Whether a message of another tab is news: it may run another version of the app. */
export function isTabNews(data: unknown): data is TabNews {
  const { type, topUps, outcome }: Record<string, unknown> = { ...Object(data) }
  return (
    type === 'nothing' ||
    (type === 'credited' && Number.isSafeInteger(topUps)) ||
    (type === 'ended' && typeof Object(outcome).type === 'string')
  )
}
