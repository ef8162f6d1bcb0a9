import { encodeHeader, type Payment, STRIPE402_VERSION } from '@stripe402/core'
import type { Client } from './client.js'
import { proveFor, withEvidence } from './evidence.js'
import { knownAccount } from './known-account.js'
import { newRequestId } from './new-id.js'
import { originMemory } from './origin-memory.js'
import type { PayableRequest, Reply, Sent } from './payable-request.js'
import { reserve } from './reservation.js'
import { serverAheadMs } from './server-clock.js'

/** A payment without its version, which is always the same, and with its currency, which we always know. */
export type PaymentDetails = Omit<Payment, 'stripe402Version'> & { currency: string }

/** One attempt to send a request. */
export interface Attempt {
  readonly details: PaymentDetails | null
  /** The price as last heard. */
  readonly units?: number
  /** Its own URL when absent. */
  readonly url?: string
  /** The server has asked for the key of this device. */
  readonly isProofWanted?: boolean | undefined
}

/** Sends a request once, with what shows whose payment it is. */
export async function sendOnce<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
  { details, units = 0, url = request.url.href, isProofWanted }: Attempt,
): Promise<Sent<R>> {
  const startedAt = Date.now()
  const { origin } = request.url
  const memory = originMemory(client.store, origin)
  const before = { topUps: memory.topUps(), receipts: memory.receipts(), signOuts: memory.signOuts() }
  const currency = details?.currency ?? ''
  const release = reserve(client, { origin, currency, units })
  const showing = details && {
    origin,
    method: request.method,
    url,
    details,
    isProofWanted,
    isFollowed: request.isFollowed,
  }
  const aheadMs = serverAheadMs(origin)
  const shown = showing && withEvidence(client, showing)
  try {
    // Where nothing has to be signed, the request leaves at once: an XMLHttpRequest tells so.
    let known = shown
    if (shown instanceof Promise) {
      // Its page may be gone once it is signed.
      shown.catch(() => {})
      known = request.isKept ? details : await shown
    }
    const payment: Payment | null = known && { stripe402Version: STRIPE402_VERSION, ...known }
    const prove = payment?.proof && showing ? proveFor(client, showing) : undefined
    const reply = await request.send(payment && encodeHeader(payment), url, prove)
    return { reply, payment, currency, units, startedAt, aheadMs, before, release }
  } catch (error) {
    release()
    throw error
  }
}

/** A first attempt: with the account, where it is known and may be spent without asking. */
export function sendWithAccount<R extends Reply>(
  client: Client,
  request: PayableRequest<R>,
): Promise<Sent<R>> {
  const known = knownAccount(client, request.url)
  if (!known) return sendOnce(client, request, { details: null })
  const details = { ...known.details, requestId: newRequestId() }
  return sendOnce(client, request, { details, units: known.units })
}
