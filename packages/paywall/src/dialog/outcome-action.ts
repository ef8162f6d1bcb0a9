import type { PaymentOutcome } from '@stripe402/client'
import type { PaywallAction } from '../state/paywall-state.js'
import { problemForCode, problemOf } from '../state/problem.js'
import type { NamedCard } from '../stripe/card-name.js'

/** What the end of a payment does to the dialog. */
export function actionForOutcome(outcome: PaymentOutcome, chargedCard: NamedCard | undefined): PaywallAction {
  switch (outcome.type) {
    case 'paid':
      return {
        type: 'paid',
        left: outcome.receipt?.creditsRemaining,
        chargedCard,
        isCharged: outcome.receipt ? outcome.receipt.chargeId !== undefined : undefined,
      }
    case 'pending':
      return { type: 'pending' }
    case 'declined':
      return { type: 'fail', problem: problemOf(outcome.challenge) ?? { kind: 'other-problem' } }
    case 'failed':
      return outcome.isUnsure ? { type: 'pending' } : { type: 'fail', problem: problemForCode(outcome.error) }
    case 'cancelled':
      return { type: 'close' }
  }
}
