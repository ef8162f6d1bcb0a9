import type { PaymentOutcome } from '@stripe402/client'
import type { PaywallAction } from '../state/paywall-state.js'
import { problemForCode, problemOf } from '../state/problem.js'
import type { NamedCard } from '../stripe/card-name.js'

/** What the client says where the answer to a payment was lost, or came from who knows whom. */
const UNCLEAR = /^(network|unavailable|HTTP)/

/**
 * What the end of a payment does to the dialog.
 *
 * @param chargedCard what it was made with; `null` where that was credit
 */
export function actionForOutcome(
  outcome: PaymentOutcome,
  chargedCard: NamedCard | undefined | null,
): PaywallAction {
  switch (outcome.type) {
    case 'paid':
      return {
        type: 'paid',
        left: outcome.receipt?.creditsRemaining,
        chargedCard: chargedCard ?? undefined,
        isCharged: outcome.receipt ? outcome.receipt.chargeId !== undefined : undefined,
      }
    case 'pending':
      return { type: 'pending' }
    case 'declined':
      return { type: 'fail', problem: problemOf(outcome.challenge) ?? { kind: 'other-problem' } }
    case 'failed':
      if (outcome.isUnsure) return { type: 'pending' }
      return {
        type: 'fail',
        problem:
          chargedCard === null && UNCLEAR.test(outcome.error)
            ? { kind: 'maybe-spent' }
            : problemForCode(outcome.error),
      }
    case 'cancelled':
      return { type: 'close' }
  }
}
