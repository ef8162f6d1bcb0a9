import type { PaymentRequired } from '@stripe402/core'
import type { Client } from '../client.js'
import type { Approved } from '../next-step.js'
import type { OriginMemory } from '../origin-memory.js'
import type { PaymentContext, PaymentOutcome, PaymentReason } from '../payer.js'
import type { PaymentDetails } from '../send-once.js'
import type { PayerChoice } from './payer-choice.js'
import type { PurchaseNotes } from './purchase-notes.js'
import type { Verdict, WaitingRoom } from './waiting-room.js'

/** Where one top-up stands. Its steps write it as it goes on. */
export interface Standing {
  /** What the payer is asked. */
  challenge: PaymentRequired
  reason: PaymentReason
  attempt: number
  outcome: PaymentOutcome
  /** A card was sent, and nobody has told what came of it. */
  isUnsure: boolean
  /** A purchase of an earlier page is asked about, whose card is gone. */
  isRemembered: boolean
  /** What the payer has said yes to. Requests that wait may cost more. */
  approved: Approved | undefined
  /** A card that has answered a question about spending: it pays what credit does not. */
  card: PaymentDetails | undefined
  /** How often a pending outcome was asked about. */
  polls: number
  /** How often this purchase has sent the person to the bank. */
  checks: number
}

/** A top-up that nobody has been asked about yet. */
export function newStanding({ challenge, reason }: Pick<Standing, 'challenge' | 'reason'>): Standing {
  return {
    challenge,
    reason,
    attempt: 1,
    outcome: { type: 'cancelled' },
    isUnsure: false,
    isRemembered: false,
    approved: undefined,
    card: undefined,
    polls: 0,
    checks: 0,
  }
}

/** What one session with a payer consists of. */
export interface PayerSession extends PayerChoice {
  readonly client: Client
  readonly room: WaitingRoom
  readonly context: PaymentContext
  readonly memory: OriginMemory
  readonly notes: PurchaseNotes
  readonly standing: Standing
  /** Those of the challenge that opened the session: what the policy has taken out stays out. */
  readonly currencies: readonly string[]
  /** Tells the payer how it stands. */
  tell(outcome: PaymentOutcome): void
}

/** The outcome of a payment that failed for this reason, as sure as one can be. */
export function failed({ standing: { isUnsure } }: At, error: string): PaymentOutcome {
  return { type: 'failed', error, ...(isUnsure && { isUnsure }) }
}

/** Nobody has told what came of this payment. One that buys nothing leaves nothing open. */
export function leaveOpen({ standing }: At, { purchaseId }: PaymentDetails): void {
  standing.isUnsure ||= purchaseId !== undefined
}

/** The session has come to its outcome. */
export function ended({ standing: { outcome } }: At, error?: unknown): Ended {
  return { type: 'ended', outcome, error }
}

/** Credit is there: each request that waits decides for itself. */
export function credited({ standing: { approved } }: At): Verdict {
  return { type: 'credited', approved }
}

type At = Pick<PayerSession, 'standing'>
type Ended = Extract<Verdict, { type: 'ended' }>
