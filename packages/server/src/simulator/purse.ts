import type { StripeLocal } from '@stripe402/stripe-local'
import type { Timeline } from './timeline.js'

/** The cards of a person, in the order in which they are tried, and what they do when their bank asks. */
export interface Purse {
  /** Types the next card into the form; a PaymentMethod is good for one payment. */
  nextCard(): string | undefined
  /** The bank asks. False when the tab is closed meanwhile. */
  authenticate(paymentIntentId: string): Promise<boolean>
}

/** What the person does when the bank asks; `approve-later`: closes the tab, and approves in the bank's app. */
export type AtTheBank = 'approve' | 'fail' | 'leave' | 'approve-later'

/** How long a person takes at the bank, and how long when the tab is closed. */
const THINKING_MS = 8000
const LATER_MS = 10 * 60_000

/** Fills a purse with test cards by their numbers. */
export function purseOf(
  { local, timeline }: { local: StripeLocal; timeline: Timeline },
  numbers: readonly string[],
  atTheBank: AtTheBank = 'approve',
): Purse {
  const left = [...numbers]

  function answer(intentId: string, outcome: 'approve' | 'fail'): void {
    // A check that charges nothing has a SetupIntent.
    const kind = intentId.startsWith('seti_') ? 'setup_intents' : 'payment_intents'
    const status = local.take({ method: 'GET', path: `/v1/${kind}/${intentId}` })().body
    // Cancelled meanwhile, or answered in another tab: there is nothing to approve any more.
    if ('status' in status && status.status === 'requires_action') local.authenticate(intentId, outcome)
  }

  return {
    nextCard() {
      const number = left.shift()
      return number === undefined ? undefined : cardId(local, number)
    },
    async authenticate(paymentIntentId) {
      if (atTheBank === 'leave') return false
      if (atTheBank === 'approve-later') {
        timeline.after(LATER_MS, () => answer(paymentIntentId, 'approve'))
        return false
      }
      await timeline.sleep(THINKING_MS)
      answer(paymentIntentId, atTheBank)
      return true
    },
  }
}

function cardId(local: StripeLocal, number: string): string {
  const card = { number, exp_month: '12', exp_year: '2034', cvc: '123' }
  const { body } = local.take({
    method: 'POST',
    path: '/v1/payment_methods',
    params: { type: 'card', card },
    viewer: 'publishable',
  })()
  if ('id' in body && typeof body.id === 'string') return body.id
  throw new TypeError(JSON.stringify(body))
}
