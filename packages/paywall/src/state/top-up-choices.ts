import { chargeableUnits, type PaymentRequirements } from '@stripe402/core'

/**
 * 0.50 of the major unit: what Stripe charges at least in most currencies. Servers of ours know them all, and never ask for
 * less (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
 */
const USUAL_MINIMUM = 5_000

/**
 * The amounts to choose from, in units, smallest first: the seller's own where they cover the price, else three
 * multiples of the smallest that does. Each is what Stripe really charges, so what is shown is what is paid.
 */
export function topUpChoices(requirement: PaymentRequirements): number[] {
  const { currency, minTopUp, maxTopUp = Number.MAX_SAFE_INTEGER } = requirement
  const least = Math.max(minTopUp, requirement.amount - (requirement.balance ?? 0), USUAL_MINIMUM)
  const offered = (requirement.topUpOptions ?? []).filter((units) => units >= least && units <= maxTopUp)
  const amounts = offered.length > 0 ? offered : [least, least * 2, least * 4].filter((u) => u <= maxTopUp)
  const charged = (amounts.length > 0 ? amounts : [least]).flatMap(
    (units) => chargeable(units, currency) ?? [],
  )
  return [...new Set(charged)].sort((a, b) => a - b)
}

/** What buying some units is charged as, in units; `null` for more than Stripe takes at once, which is no choice. */
export function chargeable(units: number, currency: string): number | null {
  try {
    return chargeableUnits(units, currency)
  } catch {
    return null
  }
}
