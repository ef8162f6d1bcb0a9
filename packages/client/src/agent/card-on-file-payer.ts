import {
  chargeableUnits,
  type NextAction,
  type PaymentRequired,
  type PaymentRequirements,
} from '@stripe402/core'
import { AuthenticationRequiredError, PolicyRefusedError } from '../errors.js'
import type { Payer, PaymentContext, PaymentOutcome } from '../payer.js'

/** How a program pays, and how far it may go. Amounts in units (10,000 are $1, €1 or ¥1). */
export interface CardOnFileOptions {
  /** A stored PaymentMethod. */
  paymentMethodId?: string | undefined
  /** Makes a PaymentMethod for a seller's publishable key, when none is stored. */
  createPaymentMethod?: ((requirements: PaymentRequirements) => Promise<string>) | undefined
  /** The most that all top-ups together may cost, by currency. Currencies that are not named are refused. */
  budget: Readonly<Record<string, number>>
  /** The highest price of one request. 10,000 units when absent. */
  perRequest?: number | undefined
  /** How much to buy at a time, within the seller's limits. The least that pays for the request when absent. */
  topUpAmount?: number | undefined
}

/** A payer without a person. */
export interface CardOnFilePayer extends Payer {
  /** What is left of the budget in a currency. Top-ups whose outcome is not known, or the bank's to say, count as spent. */
  remaining(currency: string): number
}

/**
 * Pays automatically within a budget. For Node, workers and agents.
 *
 * Rejects the request with `AuthenticationRequiredError` when the bank asks for 3-D Secure: its `nextAction` holds the
 * client secret for somebody who can confirm. A price above the limits is refused (`POLICY_REFUSED`), never paid.
 *
 * @example
 * ```ts
 * const payer = cardOnFilePayer({ paymentMethodId: 'pm_card_visa', budget: { usd: 200_000 } })
 * const paidFetch = wrapFetch(fetch, { payer })
 * ```
 */
export function cardOnFilePayer(options: CardOnFileOptions): CardOnFilePayer {
  const { paymentMethodId, createPaymentMethod, budget, perRequest = 10_000 } = options
  const spent: Record<string, number> = {}
  /** A context is the same object for as long as its session lives, which may end without an outcome. */
  const decided = new WeakMap<PaymentContext, Purchase>()
  /** The last purchase whose outcome is not known, by origin and preferred currency. */
  const open = new Map<string, Purchase>()
  const remaining = (currency: string): number => (budget[currency] ?? 0) - (spent[currency] ?? 0)
  const count = (currency: string, units: number): void => {
    spent[currency] = (spent[currency] ?? 0) + units
  }
  const keyOf = ({ origin, currency }: PaymentContext): string => `${origin} ${currency}`
  /** Where nothing was decided, the session asks what came of the purchase before. */
  const purchaseOf = (context: PaymentContext): Purchase | undefined =>
    decided.get(context) ?? open.get(keyOf(context))

  const decide: Payer = async (challenge, context) => {
    const { balance, clientId } = context
    const offer = challenge.accepts.find(({ currency, amount }) => currency in budget && amount <= perRequest)
    if (!offer) throw new PolicyRefusedError(challenge, 'The price is above what this agent may pay.')
    // The price was checked above, and credit that is there needs no card.
    const isCovered = offer.currency === context.currency && (balance ?? 0) >= offer.amount
    if (context.reason === 'confirm' && clientId && isCovered) {
      const nothing = { challenge, currency: offer.currency, units: 0 }
      decided.set(context, decided.get(context) ?? nothing)
      return { clientId, currency: offer.currency }
    }
    const wanted = unitsToBuy(offer, options.topUpAmount, balance)
    // Checked before rounding: an absurd minimum is not even an amount.
    const units = wanted > remaining(offer.currency) ? wanted : chargeableUnits(wanted, offer.currency)
    if (units > remaining(offer.currency))
      throw new PolicyRefusedError(
        challenge,
        `The ${offer.currency} budget of this agent does not cover a top-up.`,
      )
    // Counted before the first wait, so that two sessions cannot both fit into the rest.
    count(offer.currency, units)
    decided.set(context, { challenge, currency: offer.currency, units })
    const card = paymentMethodId ?? (await createPaymentMethod?.(offer))
    return card ? { paymentMethodId: card, topUpAmount: units, currency: offer.currency } : null
  }

  return Object.assign(decide, {
    attempts: 1,
    // Nobody can be asked, so the highest price holds for credit as well.
    policy: { perRequest, askAbove: perRequest },
    remaining,
    async authenticate(nextAction: NextAction, context: PaymentContext): Promise<void> {
      const purchase = purchaseOf(context)
      if (purchase) throw new AuthenticationRequiredError(purchase.challenge, nextAction)
    },
    settled(outcome: PaymentOutcome, context: PaymentContext): void {
      const key = keyOf(context)
      const purchase = purchaseOf(context)
      if (!purchase) return
      const isUncharged = (decided.has(context) ? isWithoutCharge : isDeclined)(outcome)
      if (!isUncharged && outcome.type !== 'paid') {
        if (purchase.units) open.set(key, purchase)
        return
      }
      if (isUncharged) count(purchase.currency, -purchase.units)
      // Another client of this payer may have known of it, too.
      purchase.units = 0
      decided.delete(context)
      if (open.get(key) === purchase) open.delete(key)
    },
  })
}

/** What a session has counted as spent. */
interface Purchase {
  readonly challenge: PaymentRequired
  readonly currency: string
  /** 0 once its outcome is known. */
  units: number
}

/** Whether it is certain that a session in which it was decided to pay has not cost anything. */
function isWithoutCharge(outcome: PaymentOutcome): boolean {
  const { type } = outcome
  return (
    isDeclined(outcome) ||
    type === 'cancelled' ||
    // A check that is open at the bank may still be passed.
    (type === 'failed' && !outcome.isUnsure && outcome.error !== 'AUTHENTICATION_REQUIRED')
  )
}

function isDeclined({ type }: PaymentOutcome): boolean {
  return type === 'declined'
}

function unitsToBuy(offer: PaymentRequirements, wanted = 0, balance = 0): number {
  const least = Math.max(offer.minTopUp, offer.amount - balance)
  return Math.max(least, Math.min(wanted, offer.maxTopUp ?? wanted))
}
