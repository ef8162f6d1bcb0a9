import type { Client } from './client.js'
import { emit } from './events.js'
import { knownAccount } from './known-account.js'
import { newRequestId } from './new-id.js'
import { about, type PayableRequest, type Reply, sendOnce } from './send-once.js'

/**
 * Sends a request; when a 402 of ours comes back, pays and sends it again. Whatever carries it: fetch, XHR, axios.
 *
 * Any other answer is returned as it came. Rejects as the transport does, with the caller's own reason when the
 * request is aborted while somebody pays, with what a payer threw, and in mode `throw` with a typed error.
 */
export async function sendAndPay<R extends Reply>(client: Client, request: PayableRequest<R>): Promise<R> {
  const since = ++client.progress.moment

  // Send. A path that has asked before gets the account at once, so that a paid call is one request.
  const account = knownAccount(client, request.url)
  const loading = account && load(client, request)
  const sent = await sendOnce(client, request, account && { ...account, requestId: newRequestId() })

  // Nothing due? The very same answer.
  if (!account && sent.reply.status !== 402) {
    request.release?.()
    return sent.reply
  }

  // Read the challenge, ask the policy, pay once for all who wait, send again.
  const due = await (loading ?? load(client, request))
  return due ? due.payWhatIsDue(client, request, { since, sent }) : sent.reply
}

/** What most visits never need arrives with the first answer that asks for it. Null when it cannot be loaded. */
async function load(
  client: Client,
  request: PayableRequest,
): Promise<typeof import('./payment-due.js') | null> {
  try {
    return await import('./payment-due.js')
  } catch (cause) {
    const message = 'The code that pays could not be loaded; the answer is handed to the app.'
    emit(client.events, 'error', { ...about(request), code: 'NOT_LOADED', message, cause })
    return null
  }
}
