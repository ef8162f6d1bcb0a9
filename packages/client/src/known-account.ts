import type { Client } from './client.js'
import { judgeNow } from './judged-offers.js'
import type { PaymentDetails } from './send-once.js'

/** An account, and the price that is to be paid from it, in units. */
export interface KnownPayment {
  readonly details: PaymentDetails
  readonly units: number
}

/**
 * The account to send along with a first request: only to a path that has asked before, and only for a price that
 * the policy lets be spent without asking. Null otherwise.
 */
export function knownAccount(client: Client, { origin, pathname }: URL): KnownPayment | null {
  const record = client.store.get(origin)
  const asked = record?.asked[pathname]
  const account = asked && record.clients[asked.currency]
  if (!account) return null
  const { currency, amountUnits: units } = asked
  const answer = judgeNow(client, origin, { currency, amount: units })
  return answer === 'spend' ? { details: { clientId: account.clientId, currency }, units } : null
}
