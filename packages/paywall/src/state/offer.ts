import type { PaymentReason } from '@stripe402/client'
import type { PaymentRequired, PaymentRequirements } from '@stripe402/core'
import { topUpChoices } from './top-up-choices.js'

/** What one dialog sells: the part of a challenge that a person sees and chooses from. Amounts in units. */
export interface Offer {
  /**
   * `request`: a resource waits behind a 402. `confirm`: the balance covers it, but the price is high enough to ask.
   * `top-up`: credit for its own sake.
   */
  readonly purpose: 'request' | 'confirm' | 'top-up'
  readonly payee: string
  readonly origin: string
  /** Where the money is asked for, as host (and port). */
  readonly host: string
  /** What is paid for, in the seller's words; plain text whatever it looks like. */
  readonly description: string | undefined
  readonly currency: string
  readonly price: number
  /** Credit left, when the seller may tell. */
  readonly balance: number | undefined
  readonly choices: readonly number[]
  readonly minTopUp: number
  readonly maxTopUp: number | undefined
  readonly publishableKey: string
  readonly supportUrl: string | undefined
  readonly termsUrl: string | undefined
  /** Whether the seller keeps a card whose holder agrees. */
  readonly canKeepCard: boolean
}

/** Longer descriptions are cut for the dialog: they name a thing, they are not the thing. */
const MAX_DESCRIPTION = 160

/** What is known about an offer besides the challenge. */
export interface OfferContext {
  /** Origin that answered 402; shown beside the name, which the seller chooses freely. */
  readonly origin: string
  readonly currency: string
  /** Credit as last heard. */
  readonly balance?: number | undefined
  readonly reason?: PaymentReason
}

/** The offer that a challenge makes in one currency; `null` when it makes none. */
export function offerFrom(challenge: PaymentRequired, context: OfferContext): Offer | null {
  const accepted = challenge.accepts.find(({ currency }) => currency === context.currency)
  if (!accepted) return null
  const requirement = { ...accepted, balance: accepted.balance ?? context.balance }
  const { host } = new URL(context.origin)
  // The client asks for a yes to a high price whatever the balance is.
  const isCovered = context.reason === 'confirm' && !(Number(requirement.balance) < requirement.amount)
  return {
    purpose: isCovered ? 'confirm' : requirement.amount === 0 ? 'top-up' : 'request',
    payee: oneLine(requirement.payee?.name, 80) ?? host,
    origin: context.origin,
    host,
    description: oneLine(challenge.resource.description ?? requirement.description, MAX_DESCRIPTION),
    currency: requirement.currency,
    price: requirement.amount,
    balance: requirement.balance,
    ...limits(requirement),
    publishableKey: requirement.publishableKey,
    supportUrl: requirement.payee?.supportUrl,
    termsUrl: requirement.payee?.termsUrl,
    canKeepCard: requirement.canSaveCard === true,
  }
}

/** Requests of this price that `units` of credit are good for. */
export function requestsFor(units: number, offer: Offer): number {
  return offer.price > 0 ? Math.floor(units / offer.price) : 0
}

/** Credit left once `units` were bought and this request was paid. */
export function leftAfter(units: number, offer: Offer): number {
  return (offer.balance ?? 0) + units - offer.price
}

function limits(requirement: PaymentRequirements): Pick<Offer, 'choices' | 'minTopUp' | 'maxTopUp'> {
  const choices = topUpChoices(requirement)
  const needed = requirement.amount - (requirement.balance ?? 0)
  return { choices, minTopUp: Math.max(requirement.minTopUp, needed), maxTopUp: requirement.maxTopUp }
}

function oneLine(text: string | undefined, max: number): string | undefined {
  const line = text?.replace(/\s+/g, ' ').trim()
  if (!line) return undefined
  // By code point, so that an emoji at the edge is not torn in half.
  const points = Array.from(line.slice(0, 2 * max + 2))
  return points.length > max ? `${points.slice(0, max - 1).join('')}…` : line
}
