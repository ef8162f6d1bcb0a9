import type { Client } from './client.js'

/** Units: one number for every currency, or one per currency. A currency that is not named has a limit of 0. */
export type UnitLimit = number | Readonly<Record<string, number>>

/** What may be spent. Refused requests get their 402, and an `error` event says why. */
export interface SpendPolicy {
  /** A price above this is never spent silently from credit: the payer is asked. 10,000 units ($1) when absent. */
  askAbove?: UnitLimit
  /** A price above this is refused. */
  perRequest?: UnitLimit
  /** The sum of one UTC day and origin above this is refused. */
  perDay?: UnitLimit
  /**
   * A top-up above this is refused. When absent, one whose amount the payer leaves to the seller may be of 10,000,000 units ($1,000),
   * and one whose amount the payer names of any.
   */
  perTopUp?: UnitLimit
  /** The sum of all that this client has ever spent at one origin above this is refused. */
  perOrigin?: UnitLimit
}

/** What was spent at an origin so far. Units. */
export interface Spent {
  readonly today: number
  readonly inAll: number
}

/** What the policy says to one price. */
export type PolicyAnswer = 'spend' | 'ask' | 'refuse'

/** What is bought where a payer names no amount is what the seller likes. */
const MOST_UNNAMED_UNITS = 10_000_000

/** Holds a price against the policies of the payer and of the app, whose limits go first. All amounts in units. */
export function judge(
  by: Judging,
  { currency, amount }: { currency: string; amount: number },
  spent: Spent,
): PolicyAnswer {
  const policy = policyOf(by)
  const limit = (most: UnitLimit | undefined): number => limitIn(currency, most)
  if (amount > limit(policy.perRequest)) return 'refuse'
  if (spent.today + amount > limit(policy.perDay)) return 'refuse'
  if (spent.inAll + amount > limit(policy.perOrigin)) return 'refuse'
  return amount > limit(policy.askAbove ?? 10_000) ? 'ask' : 'spend'
}

/** The most that one top-up may buy, in units. */
export function mostPerTopUp(by: Judging, currency: string, isNamed: boolean): number {
  return limitIn(currency, policyOf(by).perTopUp ?? (isNamed ? undefined : MOST_UNNAMED_UNITS))
}

type Judging = Pick<Client, 'payer' | 'policy'>

function policyOf({ payer, policy }: Judging): SpendPolicy {
  return { ...payer?.policy, ...policy }
}

function limitIn(currency: string, most: UnitLimit | undefined): number {
  return (typeof most === 'object' ? (most[currency] ?? 0) : most) ?? Number.POSITIVE_INFINITY
}
