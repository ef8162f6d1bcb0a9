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

/** Holds a price against the policies of the payer and of the app, whose limits go first. All amounts in units. */
export function judge(
  { payer, policy: own }: Pick<Client, 'payer' | 'policy'>,
  { currency, amount }: { currency: string; amount: number },
  spent: Spent,
): PolicyAnswer {
  const policy: SpendPolicy = { ...payer?.policy, ...own }
  const limit = (most: UnitLimit | undefined): number =>
    (typeof most === 'object' ? (most[currency] ?? 0) : most) ?? Number.POSITIVE_INFINITY
  if (amount > limit(policy.perRequest)) return 'refuse'
  if (spent.today + amount > limit(policy.perDay)) return 'refuse'
  if (spent.inAll + amount > limit(policy.perOrigin)) return 'refuse'
  return amount > limit(policy.askAbove ?? 10_000) ? 'ask' : 'spend'
}
