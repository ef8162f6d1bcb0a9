import type { PaymentRequired } from '@stripe402/core'
import type { Client } from './client.js'
import type { JudgedOffer } from './next-step.js'
import type { OriginMemory } from './origin-memory.js'
import { judge } from './policy.js'
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
    const answer = judge(client, { currency, amount }, committed(client, { origin, currency }))
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

/** What the payer is asked about: these currencies alone, in this order. */
export function offering(challenge: PaymentRequired, currencies: readonly string[]): PaymentRequired {
  const accepts = currencies.flatMap(
    (currency) => challenge.accepts.find((offer) => offer.currency === currency) ?? [],
  )
  return { ...challenge, accepts }
}
