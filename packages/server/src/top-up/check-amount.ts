import { chargeableUnits, formatUnits, maximumChargeUnits } from '@stripe402/core'
import { limitsFor } from '../challenge.js'
import type { Context } from '../context.js'
import type { AccountKey } from '../store.js'
import { accountFrozen, type Refusal } from './outcome.js'

/**
 * How much a top-up charges and credits, in units: what was asked for, rounded up to what Stripe can charge.
 *
 * Refuses what lies outside the limits, and what would not get the resource: what does not cover `priceUnits` together
 * with the balance or after a debt, and any amount for an account that a dispute keeps from spending.
 */
export async function checkAmount(
  context: Context,
  account: AccountKey,
  wish: { topUpAmount: number | undefined; minTopUp: number | undefined; priceUnits: number },
): Promise<{ type: 'amount'; units: number } | Refusal> {
  const { store, topUpLimits } = context.settings
  const { priceUnits } = wish
  const { currency } = account
  const limits = limitsFor(topUpLimits(currency), currency, wish.minTopUp)
  const { available, disputed } = await store.account(account)
  // One that is merely in debt is frozen as well, but a top-up repays it.
  if (disputed) return accountFrozen()
  const short = priceUnits === 0 ? 0 : priceUnits - available
  const most = maximumChargeUnits(currency)
  const need = chargeableUnits(Math.min(Math.max(priceUnits, short), most), currency)
  const asked = wish.topUpAmount ?? Math.max(limits.min, need)
  const max = Math.max(limits.max, need)
  if (asked > max)
    return refuse('top_up_above_maximum', `Top up at most ${formatUnits(max, currency, 'en')}.`)
  if (asked < limits.min)
    return refuse('top_up_below_minimum', `Top up at least ${formatUnits(limits.min, currency, 'en')}.`)
  const units = chargeableUnits(asked, currency)
  if (units >= short) return { type: 'amount', units }
  const least = formatUnits(chargeableUnits(Math.min(short, most), currency), currency, 'en')
  return refuse(
    'top_up_below_minimum',
    `This costs ${formatUnits(priceUnits, currency, 'en')}: top up at least ${least}.`,
  )
}

function refuse(error: 'top_up_above_maximum' | 'top_up_below_minimum', message: string): Refusal {
  return { type: 'refused', error, message: `${message} Nothing was charged.` }
}
