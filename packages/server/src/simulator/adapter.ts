import { HEADERS } from '@stripe402/core'
import { authorize } from '../authorize.js'
import type { Context } from '../context.js'
import { answerForgetCard } from '../endpoints/forget-card.js'
import { answerTopUp } from '../endpoints/top-up.js'
import type { PaidRequest } from '../paid-request.js'
import type { PriceTag } from '../price-tag.js'
import { type Answer, answerProblem } from '../refusal.js'
import { orUnavailable } from '../top-up/or-else.js'
import type { Connection, Reply } from './connection.js'
import { FORGET_CARD } from './device-tab.js'

/** What a handler answers; what it throws is a 500. */
export type Handler = () => Promise<number>

/** A paid resource of the simulated seller. */
export interface Resource {
  tag: PriceTag
  handler: Handler
}

/** Told that the head of an answer below 400 stands; the function that comes back, that the capture has ended. */
export type Served = (chargedUnits: number) => () => void

/**
 * Carries a request from authorization to capture or release: the Express adapter's order of things, without HTTP.
 *
 * `send` puts an answer on its way to the client.
 */
export async function serve(
  { context, resource, served }: { context: Context; resource: Resource | null; served: Served },
  { request, connection }: { request: PaidRequest; connection: Connection },
  send: (reply: Reply) => void,
): Promise<void> {
  if (resource === null) return send(await answerOwn(context, request))
  const authorization = await authorize(context, request, resource.tag)
  if (authorization.type === 'refused') return send(authorization.answer)
  if (authorization.type === 'free')
    return send({ status: await statusOf(resource.handler), headers: {}, body: '' })
  const { grant } = authorization
  if (connection.isClosed()) return grant.release()
  let isSettled = false
  connection.onClose(() => {
    if (isSettled) return
    isSettled = true
    void grant.release()
  })
  const status = await statusOf(resource.handler)
  // The client went away before the first byte.
  if (isSettled) return
  isSettled = true
  if (status >= 400) {
    void grant.release()
    const receipt = grant.unspentReceipt()
    return send({
      status,
      headers: receipt === null ? {} : { [HEADERS.PAYMENT_RESPONSE]: receipt },
      body: '',
    })
  }
  const captured = served(grant.info.charged)
  const reply = { status, headers: { [HEADERS.PAYMENT_RESPONSE]: grant.receipt() }, body: '' }
  if (grant.settle === 'before-response') {
    const isCaptured = await grant.capture()
    captured()
    return send(isCaptured ? reply : grant.uncaptured())
  }
  send(reply)
  void grant.capture().then(() => captured())
}

/** An endpoint of the engine itself, as `createStripe402` offers it. */
async function answerOwn(context: Context, request: PaidRequest): Promise<Answer> {
  if (request.url !== FORGET_CARD) return answerTopUp(context, request)
  const answered = await orUnavailable(context, 'forget-card', async () => {
    await context.start()
    return answerForgetCard(context, request)
  })
  return 'type' in answered ? answerProblem(answered) : answered
}

async function statusOf(handler: Handler): Promise<number> {
  try {
    return await handler()
  } catch {
    return 500
  }
}
