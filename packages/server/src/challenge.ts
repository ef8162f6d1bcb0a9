import {
  chargeableUnits,
  minimumChargeUnits,
  type PaymentRequired,
  type PaymentRequirements,
  STRIPE402_VERSION,
} from '@stripe402/core'
import type { PaidRequest } from './paid-request.js'
import type { Amount } from './price.js'
import type { PriceTag } from './price-tag.js'
import type { Settings, TopUpLimits } from './settings.js'
import type { Refusal, ToldBalance } from './top-up/outcome.js'

const LONGEST_URL = 8192

/** What a client has to know in order to pay: one entry per currency, the preferred one first. */
export function challengeFor(
  settings: Settings,
  request: PaidRequest,
  { tag, amounts }: { tag: PriceTag; amounts: readonly Amount[] },
  refusal?: Refusal,
  balance: ToldBalance | undefined = refusal?.balance,
): PaymentRequired {
  const description = tag.description(request)
  return {
    stripe402Version: STRIPE402_VERSION,
    resource: {
      // What is longer makes the challenge unreadable.
      url: request.url.slice(0, LONGEST_URL),
      ...(description !== undefined && { description }),
      ...(tag.mimeType !== undefined && { mimeType: tag.mimeType }),
    },
    accepts: amounts.map((amount) => ({
      ...requirementsFor(settings, amount, tag.minTopUp, description),
      ...(balance?.currency === amount.currency && { balance: balance.units }),
    })),
    ...(refusal && {
      error: refusal.error,
      message: refusal.message,
      ...(refusal.nextAction && { nextAction: refusal.nextAction }),
      ...(refusal.decline && { decline: refusal.decline }),
    }),
  }
}

function requirementsFor(
  settings: Settings,
  { currency, units }: Amount,
  minTopUp: number | undefined,
  description: string | undefined,
): PaymentRequirements {
  const limits = limitsFor(settings.topUpLimits(currency), currency, minTopUp)
  // One top-up has to cover the price, so nothing smaller is offered.
  const least = Math.max(limits.min, chargeableUnits(units, currency))
  const options = limits.options.filter((option) => option >= least)
  return {
    scheme: 'stripe',
    currency,
    amount: units,
    minTopUp: least,
    publishableKey: settings.publishableKey,
    ...(description !== undefined && { description }),
    maxTopUp: Math.max(limits.max, least),
    topUpOptions: options.length > 0 ? options : [least],
    ...(settings.payee && { payee: settings.payee }),
    ...(settings.keepCards && { canSaveCard: true }),
  }
}

/** The limits of a currency, with a resource's own minimum; never below what Stripe charges in that currency. */
export function limitsFor(limits: TopUpLimits, currency: string, minTopUp: number | undefined): TopUpLimits {
  if (minTopUp === undefined) return limits
  const min = Math.max(minTopUp, minimumChargeUnits(currency))
  const max = Math.max(limits.max, min)
  const options = limits.options.filter((option) => option >= min)
  return {
    min,
    max,
    options: options.length > 0 ? options : [min, min * 2, min * 4].filter((units) => units <= max),
  }
}
