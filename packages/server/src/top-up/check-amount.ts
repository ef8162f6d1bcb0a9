import { chargeableUnits, formatUnits } from '@stripe402/core'
import { limitsFor } from '../challenge.js'
import type { Context } from '../context.js'
import type { AccountKey } from '../store.js'
import type { Refusal } from './outcome.js'

/**
 * How much a top-up charges and credits, in units: what was asked for, rounded up to what Stripe can charge.
 *
 * Refuses what lies outside the limits, and what would not cover `priceUnits` together with the balance: a $10
 * resource is not served for a $5 top-up, and nobody is charged for a shortage that would remain.
 */
export async function checkAmount(
  context: Context,
  account: AccountKey,
  wish: { topUpAmount: number | undefined; minTopUp: number | undefined; priceUnits: number },
): Promise<{ type: 'amount'; units: number } | Refusal> {
  const { store, topUpLimits } = context.settings
  const limits = limitsFor(topUpLimits(account.currency), wish.minTopUp)
  const asked = wish.topUpAmount ?? Math.max(limits.min, wish.priceUnits)
  const max = Math.max(limits.max, chargeableUnits(wish.priceUnits, account.currency))
  if (asked > max)
    return {
      type: 'refused',
      error: 'top_up_above_maximum',
      message: `Top up at most ${show(max, account)}. Nothing was charged.`,
    }
  if (asked < limits.min)
    return {
      type: 'refused',
      error: 'top_up_below_minimum',
      message: `Top up at least ${show(limits.min, account)}. Nothing was charged.`,
    }
  const units = chargeableUnits(asked, account.currency)
  if (units < wish.priceUnits) {
    const { available } = await store.account(account)
    const short = wish.priceUnits - available
    if (units < short)
      return {
        type: 'refused',
        error: 'top_up_below_minimum',
        message: `This costs ${show(wish.priceUnits, account)}: top up at least ${show(chargeableUnits(short, account.currency), account)}. Nothing was charged.`,
      }
  }
  return { type: 'amount', units }
}

function show(units: number, { currency }: AccountKey): string {
  return formatUnits(units, currency, 'en')
}
