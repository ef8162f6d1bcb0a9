import type { ClientId } from '@stripe402/core'
import type { PolicyAnswer } from './policy.js'

/** A price in units, and what the policy says to it. */
export interface JudgedPrice {
  readonly currency: string
  readonly amount: number
  readonly answer: PolicyAnswer
}

/** One currency of a challenge, in the order of the seller. */
export interface JudgedOffer extends JudgedPrice {
  /** The seller shows another publishable key than before. */
  readonly isNewKey: boolean
  /** The account that is known in this currency. */
  readonly clientId: ClientId | undefined
  /** That account was sent with this call, and nothing was bought since. */
  readonly isTried: boolean
}

/** The price that a payer has said yes to, in units. */
export interface Approved {
  readonly currency: string
  readonly units: number
}

/** What to do about a 402. */
export type NextStep =
  | { type: 'refuse' }
  /** Send it again with this account. */
  | { type: 'spend'; clientId: ClientId; currency: string }
  /** Ask the payer about these currencies; for a confirmation those whose credit may do go first. */
  | { type: 'ask'; reason: 'payment' | 'confirm'; currencies: string[] }

/** Whether a price may be spent without another question. */
export function isAgreed({ currency, amount, answer }: JudgedPrice, approved: Approved | undefined): boolean {
  const isApproved = approved?.currency === currency && amount <= approved.units
  return answer === 'spend' || (answer === 'ask' && isApproved)
}

/**
 * Decides what comes next for a call that has to be paid: credit goes first, as far as the policy lets it be spent or the
 * payer has said yes to this price. A yes to one price is none to a dearer one, nor to another currency.
 */
export function nextStep(offers: readonly JudgedOffer[], approved: Approved | undefined): NextStep {
  const allowed = offers.filter(({ answer }) => answer !== 'refuse')
  if (!allowed.length) return { type: 'refuse' }
  const fresh = allowed.filter(({ clientId, isTried }) => clientId && !isTried)
  const paying = fresh.find((offer) => isAgreed(offer, approved))
  if (paying?.clientId) return { type: 'spend', clientId: paying.clientId, currency: paying.currency }
  return {
    type: 'ask',
    reason: fresh.length ? 'confirm' : 'payment',
    currencies: [...new Set([...fresh, ...allowed])].map(({ currency }) => currency),
  }
}
