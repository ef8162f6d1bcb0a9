import { chargeableUnits, minimumChargeUnits, type PaymentRequirements } from '@stripe402/core'

/**
 * The amounts to choose from, in units, smallest first: the seller's own where they cover the price, else three
 * multiples of the smallest that does. Each is what Stripe really charges, so what is shown is what is paid.
 */
export function topUpChoices(requirement: PaymentRequirements): number[] {
  const { currency, minTopUp, maxTopUp = Number.MAX_SAFE_INTEGER } = requirement
  const least = Math.max(
    minTopUp,
    minimumChargeUnits(currency),
    requirement.amount - (requirement.balance ?? 0),
    1,
  )
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
