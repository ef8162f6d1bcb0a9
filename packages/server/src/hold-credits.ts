import { formatUnits, type Payment, type RequestId } from '@stripe402/core'
import type { Context } from './context.js'
import { type Grant, grantFor } from './grant.js'
import { type PaidRequest, resourceKeyOf } from './paid-request.js'
import type { PriceTag } from './price-tag.js'
import { isBeyond, type Right } from './proof/right-to-spend.js'
import type { AccountKey, HoldRequest } from './store.js'
import { accountFrozen, type Paid, proofRequired, type Refusal } from './top-up/outcome.js'

/** How long a request id is remembered: the same one again costs nothing within this time. */
const REMEMBER_MS = 600_000
/**
 * Nobody can name an id of ours again; it only has to outlive a command that a client library sends twice. While units are
 * held an operation is remembered anyway, so this is about a second capture: without the memory of the first one it is
 * told as a hold that ran out (see `capture-queue.ts`). At 5,000 requests a second it is 75,000 operations.
 */
const REMEMBER_OURS_MS = 15_000

/** The wish to spend that this request stands for. */
export function holdFor(
  { settings }: Context,
  wish: {
    request: PaidRequest
    tag: PriceTag
    payment: Payment
    /** What its request id stands for, where it has one. */
    fingerprint: string | undefined
    units: number
    account: AccountKey
    era: number | undefined
  },
): HoldRequest {
  const { request, tag, payment, fingerprint, units, account, era } = wish
  const runId = settings.runtime.randomUUID()
  return {
    clientId: account.clientId,
    currency: account.currency,
    // A client without request ids gets one per request, which no other request can meet.
    operationId: payment.requestId === undefined ? runId : operationOf(request, payment.requestId),
    runId,
    fingerprint: fingerprint ?? runId,
    units,
    resource: `${request.method} ${request.url}`.slice(0, 200),
    holdMs: settings.holdMs,
    rememberMs: payment.requestId === undefined ? REMEMBER_OURS_MS : REMEMBER_MS,
    era,
    access:
      tag.accessMs === undefined ? undefined : { resource: resourceKeyOf(request), durationMs: tag.accessMs },
  }
}

/**
 * What a price is spent under. A route within a paid router is a price of its own: under one id for both it would be a
 * replay of the first.
 */
export function operationOf({ pricesBefore = 0 }: PaidRequest, requestId: RequestId): string {
  return pricesBefore > 0 ? `${requestId}:${pricesBefore}` : requestId
}

/** Sets the price aside, or says why not. One round trip to the store. */
export async function spend(
  context: Context,
  hold: HoldRequest,
  tag: PriceTag,
  right: Right,
  topUp: Paid | null = null,
): Promise<{ type: 'granted'; grant: Grant } | Refusal> {
  const held = await context.settings.store.hold(hold)
  switch (held.type) {
    case 'held':
      if (isBeyond(right, held.account)) {
        await context.settings.store.release(hold)
        return proofRequired()
      }
      return { type: 'granted', grant: grantFor(context, hold, tag, { held, topUp, right }) }
    case 'admitted':
      return { type: 'granted', grant: grantFor(context, hold, tag, { held, topUp, right }) }
    case 'insufficient':
      return {
        type: 'refused',
        error: 'insufficient_credits',
        balance: { currency: hold.currency, units: held.account.available },
        message: `This costs ${formatUnits(hold.units, hold.currency, 'en')}, and the balance is ${formatUnits(held.account.available, hold.currency, 'en')}.`,
      }
    case 'frozen':
      return accountFrozen()
    case 'unproven':
      return proofRequired()
    case 'conflict':
      return {
        type: 'refused',
        error: 'invalid_payment',
        // Not that nothing was charged: an earlier run of it, or the purchase it came with, may have been.
        message:
          'This requestId was used before, for another request, at another price or too often. Use a new one.',
      }
  }
}
