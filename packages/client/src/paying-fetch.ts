import type { Client, Paying } from './client.js'
import { emit } from './events.js'
import { about, type PayableRequest, type Reply, type Sent } from './payable-request.js'
import { loadedPaymentPart, loadPaymentPart } from './payment-part.js'

/** A client as somebody who pays. */
export function payingWith(client: Client): Paying {
  return { ...client, pay: (request) => sendAndPay(client, request) }
}

/**
 * Sends a request; when a 402 of ours comes back, pays and sends it again. Whatever carries it: fetch, XHR, axios.
 *
 * Any other answer is returned as it came. Rejects as the transport does, with the caller's own reason when the
 * request is aborted while somebody pays, with a typed error that a payer threw, and in mode `throw` with one of ours.
 */
export async function sendAndPay<R extends Reply>(client: Client, request: PayableRequest<R>): Promise<R> {
  const { store, progress } = client
  const { href, origin, pathname } = request.url
  const since = ++progress.moment

  // Send. A path that has asked before gets the account at once, so that a paid call is one request.
  const startedAt = Date.now()
  // One that may outlive its page leaves in this very task, with what is at hand.
  const isAsked = store.get(origin)?.asked[pathname]
  let due = isAsked ? (loadedPaymentPart() ?? (request.isKept ? null : await load(client, request))) : null
  const sent: Sent<R> = due
    ? await due.sendWithAccount(client, request)
    : { reply: await request.send(null, href), payment: null, currency: '', startedAt }

  // Nothing due? The very same answer.
  if (!sent.payment && sent.reply.status !== 402) {
    request.release?.()
    return sent.reply
  }

  // Read the challenge, ask the policy, pay once for all who wait, send again.
  due ??= loadedPaymentPart() ?? (await load(client, request))
  return due ? due.payWhatIsDue(client, request, { since, sent }) : sent.reply
}

/** Null when it cannot be loaded: then nothing is paid. */
function load({ events }: Client, request: PayableRequest): Promise<ReturnType<typeof loadedPaymentPart>> {
  return loadPaymentPart().catch((cause) => {
    const message = 'Not loaded.'
    emit(events, 'error', { ...about(request), code: 'NOT_LOADED', message, cause })
    return null
  })
}
