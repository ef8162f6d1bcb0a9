import type { PaymentRequired, PaymentRequirements } from '@stripe402/core'
import type { Client } from './client.js'
import { PolicyRefusedError } from './errors.js'
import type { JudgedOffer, JudgedPrice } from './next-step.js'
import type { OriginMemory } from './origin-memory.js'
import { judge, type PolicyAnswer } from './policy.js'
import { committed } from './reservation.js'
import { underWay } from './under-way.js'

/** A challenge, and for whom it is judged. */
export interface Judging {
  readonly origin: string
  readonly memory: OriginMemory
  readonly challenge: PaymentRequired
  /** Whether the account in this currency has been sent, and nothing was bought since. */
  isTried(currency: string): boolean
}

/** One entry per currency: what the policy says, and the account that could pay from credit. */
export function judgedOffers(client: Client, { origin, memory, challenge, isTried }: Judging): JudgedOffer[] {
  const { keys } = underWay(client)
  return challenge.accepts.map(({ currency, amount, publishableKey }) => {
    const name = `${origin} ${currency}`
    const isNewKey = (keys.get(name) ?? publishableKey) !== publishableKey
    if (!isNewKey) keys.set(name, publishableKey)
    const answer = judgeNow(client, origin, { currency, amount })
    return {
      currency,
      amount,
      clientId: memory.account(currency)?.clientId,
      isNewKey,
      isTried: isTried(currency),
      answer: isNewKey ? 'refuse' : answer,
    }
  })
}

/** What the policy says to a price at this moment. */
export function judgeNow(client: Client, origin: string, price: Price): PolicyAnswer {
  const { currency } = price
  return judge(client, price, committed(client, { origin, currency }))
}

/** The same for what a challenge asks for in one currency. What it does not offer is refused. */
export function judgeFor(client: Client, { origin, challenge, currency }: Asked): JudgedPrice {
  const offer = offerIn(challenge, currency)
  return { currency, amount: 0, ...offer, answer: offer ? judgeNow(client, origin, offer) : 'refuse' }
}

/** Why none of these offers may be paid. */
export function policyRefusal(
  challenge: PaymentRequired,
  offers: readonly JudgedOffer[],
): PolicyRefusedError {
  return new PolicyRefusedError(
    challenge,
    offers.some(({ isNewKey }) => isNewKey)
      ? 'The seller shows another publishable key than before. Load the page again if this is expected.'
      : 'The price is above what the policy allows.',
  )
}

/** What a challenge asks for in one currency. */
export function offerIn({ accepts }: PaymentRequired, currency: string): PaymentRequirements | undefined {
  return accepts.find((offer) => offer.currency === currency)
}

/** A challenge with these currencies alone, in this order. */
export function offering(challenge: PaymentRequired, currencies: readonly string[]): PaymentRequired {
  return { ...challenge, accepts: currencies.flatMap((currency) => offerIn(challenge, currency) ?? []) }
}

interface Asked {
  readonly origin: string
  readonly challenge: PaymentRequired
  readonly currency: string
}

type Price = Pick<JudgedOffer, 'currency' | 'amount'>
