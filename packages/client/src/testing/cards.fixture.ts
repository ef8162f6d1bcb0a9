import type { PaymentRequired } from '@stripe402/core'
import type { Payer, PaymentContext, PaymentOutcome } from '../payer.js'

/** A payer that writes down what it was asked and told. */
export interface CardsFixture extends Payer {
  asked: { challenge: PaymentRequired; context: PaymentContext; attempt: number; reason: string }[]
  outcomes: PaymentOutcome[]
}

/** Pays with these PaymentMethods, one after another, for 50,000 units each; says no when they have run out. */
export function cards(...paymentMethodIds: string[]): CardsFixture {
  const payer: CardsFixture = Object.assign(
    async (challenge: PaymentRequired, context: PaymentContext) => {
      const { attempt, reason } = context
      payer.asked.push({ challenge, context, attempt, reason })
      const paymentMethodId = paymentMethodIds.shift()
      return paymentMethodId ? { paymentMethodId, topUpAmount: 50_000 } : null
    },
    {
      asked: [],
      outcomes: [],
      settled(outcome: PaymentOutcome) {
        payer.outcomes.push(outcome)
      },
    },
  )
  return payer
}

/** A payer that waits until the test decides. */
export function undecided(): Payer & {
  decide(choice: { paymentMethodId: string } | null): void
  readonly prompted: Promise<PaymentContext>
  calls: number
} {
  let decide = (_choice: { paymentMethodId: string } | null): void => {}
  let prompt = (_context: PaymentContext): void => {}
  const decided = new Promise<{ paymentMethodId: string } | null>((resolve) => {
    decide = resolve
  })
  const prompted = new Promise<PaymentContext>((resolve) => {
    prompt = resolve
  })
  const payer = Object.assign(
    (_challenge: PaymentRequired, context: PaymentContext) => {
      payer.calls++
      prompt(context)
      return decided
    },
    { decide: (choice: { paymentMethodId: string } | null) => decide(choice), prompted, calls: 0 },
  )
  return payer
}
