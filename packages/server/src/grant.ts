import { type ClientId, serializePaymentResponse } from '@stripe402/core'
import type { Context } from './context.js'
import { clientDigest, type Stripe402Event } from './events.js'
import type { PriceTag } from './price-tag.js'
import type { Right } from './proof/right-to-spend.js'
import { emit, reportFault } from './report.js'
import type { HoldRequest, HoldResult } from './store.js'
import type { Paid } from './top-up/outcome.js'

/** What a handler may know about the payment of its request. Amounts in units. */
export interface PaymentInfo {
  clientId: ClientId
  currency: string
  charged: number
  creditsRemaining: number
}

/** The right to be served once. End it with `capture` or `release`; doing so twice does nothing more. */
export interface Grant {
  info: PaymentInfo
  settle: PriceTag['settle']
  /** The token of its receipt, when a key has proved itself. */
  session?: string | undefined
  /** `Set-Cookie` value that lets this browser's next navigation pay. */
  cookie?: string | undefined
  /** `payment-response` header for an answer that is served. */
  receipt(): string
  /** `payment-response` header for an answer that failed, when a card was charged: the credit is there to be used. */
  unspentReceipt(): string | null
  /** Served: takes the price. Resolves when it is in the store; never rejects. */
  capture(): Promise<void>
  /** Not served: gives the price back. Never rejects. */
  release(): Promise<void>
}

/** What a grant is made of. */
export interface Granted {
  held: Extract<HoldResult, { type: 'held' | 'admitted' }>
  /** The top-up of this request, when there was one. */
  topUp: Paid | null
  right: Right
}

/** Makes the grant for a hold that was taken, or for a request that was admitted without one. */
export function grantFor(
  context: Context,
  hold: HoldRequest,
  tag: PriceTag,
  { held, topUp, right }: Granted,
): Grant {
  const charged = held.type === 'held' ? hold.units : 0
  const { clientId, currency, operationId, runId } = hold
  const creditsRemaining = held.account.available
  const session = right.issue?.(held.account)
  let isEnded = held.type !== 'held'

  function receipt(spent: { success: boolean; creditsRemaining: number; charged: number }): string {
    return serializePaymentResponse({
      success: spent.success,
      clientId,
      creditsRemaining: spent.creditsRemaining,
      currency,
      charged: spent.charged,
      chargeId: topUp?.paymentIntentId,
      purchaseId: topUp?.purchaseId,
      session,
    })
  }

  return {
    info: { clientId, currency, charged, creditsRemaining },
    settle: tag.settle,
    session,
    receipt: () => receipt({ success: true, creditsRemaining, charged }),
    unspentReceipt: () =>
      topUp && receipt({ success: false, creditsRemaining: creditsRemaining + charged, charged: 0 }),
    async capture() {
      if (isEnded) return
      isEnded = true
      try {
        const capture = { clientId, currency, operationId, runId, units: charged }
        const { type } = await context.captures.add(capture)
        if (type === 'expired') reportFault(context, 'capture', 'the hold had run out')
        else emit(context, () => endOf(hold, 'captured'))
      } catch (error) {
        // The hold runs out by itself, in the payer's favour.
        reportFault(context, 'capture', error)
      }
    },
    async release() {
      if (isEnded) return
      isEnded = true
      try {
        await context.settings.store.release({ clientId, currency, operationId, runId })
        emit(context, () => endOf(hold, 'released'))
      } catch (error) {
        reportFault(context, 'release', error)
      }
    },
  }
}

function endOf(
  { clientId, currency, units, resource }: HoldRequest,
  type: 'captured' | 'released',
): Stripe402Event {
  return { type, client: clientDigest(clientId), currency, units, resource }
}
