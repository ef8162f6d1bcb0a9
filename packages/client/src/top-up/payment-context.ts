import type { Client } from '../client.js'
import { newRequestId } from '../new-id.js'
import type { OriginMemory } from '../origin-memory.js'
import { about } from '../payable-request.js'
import type { PaymentContext } from '../payer.js'
import { savedCardOf } from '../saved-card.js'
import type { Standing } from './payer-session.js'
import type { Waiting } from './waiting-room.js'

/** What a context is about. */
interface Session {
  readonly client: Client
  readonly opening: Waiting
  readonly memory: OriginMemory
  readonly standing: Standing
  readonly signal: AbortSignal
}

/** What a payer is told of a session: one object that always says how it stands. */
export function paymentContext({ client, opening, memory, standing, signal }: Session): PaymentContext {
  const { request, challenge } = opening
  const [preferred] = challenge.accepts
  const currency = preferred?.currency ?? ''
  return {
    ...about(request),
    id: newRequestId(),
    currency,
    signal,
    get attempt() {
      return standing.attempt
    },
    get reason() {
      return standing.reason
    },
    get balance() {
      return memory.account(currency)?.balanceUnits ?? preferred?.balance
    },
    get clientId() {
      return memory.account(currency)?.clientId
    },
    async savedCard() {
      if (!memory.account(currency)) return null
      return savedCardOf({ ...client, origin: request.url.origin, currency })
    },
  }
}
