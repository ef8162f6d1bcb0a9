import { type ClientId, HEADERS, isClientId, serializePayment } from '@stripe402/core'
import type { Settings, Store } from '@stripe402/server'
import { openStore } from '@stripe402/server/testing'
import { signSession } from '../packages/server/src/proof/session-token.js'

/** As many clients as connections: with a single one, every hold would meet the same row and the same shard. */
export const CONNECTIONS = 64

/** What a client sends with each of its requests. */
export type ClientHeaders = Readonly<Record<string, string>>

/** Clients who spend with their name alone, as those of the original protocol do. */
const BARE_CLIENTS: readonly ClientId[] = clients('00')

/** Clients with a device whose key is bound to the account. */
const BOUND_CLIENTS: readonly ClientId[] = clients('ff')

const CURRENCY = 'usd'
const CREDIT = 1e12
const THUMBPRINT = 'the-thumbprint-of-a-key-has-43-characters__'

/** What each bare client sends, to a free handler too, so that its bytes are no part of the difference. */
export const BARE_HEADERS: readonly ClientHeaders[] = BARE_CLIENTS.map((id) => ({
  [HEADERS.PAYMENT]: serializePayment({ clientId: id }),
}))

/** What each bound client sends: a session that its key has earned. */
export function boundHeaders(settings: Settings): ClientHeaders[] {
  return BOUND_CLIENTS.map((clientId) => {
    const account = { clientId, currency: CURRENCY }
    const session = signSession(settings, {
      ...account,
      era: 1,
      thumbprint: THUMBPRINT,
      ceilingUnits: CREDIT,
    })
    return { [HEADERS.PAYMENT]: serializePayment({ clientId, session }) }
  })
}

/** The same, from the server that is measured: only its secret can sign them. */
export async function readBoundHeaders(origin: string): Promise<ClientHeaders[]> {
  const clients: unknown = await (await fetch(`${origin}/bound-clients`)).json()
  if (!Array.isArray(clients)) throw new TypeError('the benchmark server sent no clients')
  return clients
}

/** Gives every client credit for as long as anybody can measure: nothing is charged here. */
export async function giveCredit(store: Store): Promise<void> {
  await openStore(store)
  for (const clientId of [...BARE_CLIENTS, ...BOUND_CLIENTS])
    await store.credit({
      clientId,
      currency: CURRENCY,
      units: CREDIT,
      paymentIntentId: `pi_${clientId}`,
      purchaseId: null,
    })
  for (const clientId of BOUND_CLIENTS) await store.bindKey({ clientId, currency: CURRENCY }, THUMBPRINT)
}

/** One for each connection, in as many shards. */
function clients(end: string): ClientId[] {
  return Array.from({ length: CONNECTIONS }, (_, index) => {
    const id = index.toString(16).padStart(2, '0').repeat(31) + end
    if (!isClientId(id)) throw new TypeError(`${id} is not a client id`)
    return id
  })
}
