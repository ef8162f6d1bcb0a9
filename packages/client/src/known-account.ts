import type { Client } from './client.js'
import { judge } from './policy.js'
import type { PaymentDetails } from './send-once.js'
import { spentOf } from './spending.js'

/**
 * The account to send along with a first request: only to a path that has asked before, and only for a price that
 * the policy lets be spent without asking. Null otherwise.
 */
export function knownAccount({ store, policy }: Client, { origin, pathname }: URL): PaymentDetails | null {
  const record = store.get(origin)
  const asked = record?.asked[pathname]
  const account = asked && record.clients[asked.currency]
  if (!account) return null
  const { currency, amountUnits } = asked
  const answer = judge(policy, { currency, amount: amountUnits }, spentOf(record, currency))
  return answer === 'spend' ? { clientId: account.clientId, currency } : null
}
