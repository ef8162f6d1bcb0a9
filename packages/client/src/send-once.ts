import { encodeHeader, type Payment, STRIPE402_VERSION } from '@stripe402/core'
import type { Client } from './client.js'
import { knownAccount } from './known-account.js'
import { newRequestId } from './new-id.js'
import { originMemory } from './origin-memory.js'
import type { PayableRequest, Reply, Sent } from './payable-request.js'

/** A payment without its version, which is always the same, and with its currency, which we always know. */
export type PaymentDetails = Omit<Payment, 'stripe402Version'> & { currency: string }

/** Sends a request once, to its own URL unless another is given. */
export async function sendOnce<R extends Reply>(
  { store }: Client,
  request: PayableRequest<R>,
  details: PaymentDetails | null,
  url: string = request.url.href,
): Promise<Sent<R>> {
  const startedAt = Date.now()
  const memory = originMemory(store, request.url.origin)
  const before = { topUps: memory.topUps(), receipts: memory.receipts() }
  const payment: Payment | null = details && { stripe402Version: STRIPE402_VERSION, ...details }
  const reply = await request.send(payment && encodeHeader(payment), url)
  return { reply, payment, currency: details?.currency ?? '', startedAt, before }
}

/** A first attempt: with the account, where it is known and may be spent without asking. */
export function sendWithAccount<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
): Promise<Sent<R>> {
  const account = knownAccount(client, request.url)
  return sendOnce(client, request, account && { ...account, requestId: newRequestId() })
}
