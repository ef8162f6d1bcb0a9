import { type ClientId, type PaymentResponse, serializePaymentResponse } from '@stripe402/core'
import type { Context } from './context.js'
import { clientDigest } from './events.js'
import type { PriceTag } from './price-tag.js'
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
  /** A token for the next requests, when a key has proved itself. */
  session: string | undefined
}

/** Makes the grant for a hold that was taken, or for a request that was admitted without one. */
export function grantFor(
  context: Context,
  hold: HoldRequest,
  tag: PriceTag,
  { held, topUp, session }: Granted,
): Grant {
  const charged = held.type === 'held' ? hold.units : 0
  const { clientId, currency, operationId, runId, resource } = hold
  const creditsRemaining = held.account.available
  const response: PaymentResponse = {
    success: true,
    clientId,
    creditsRemaining,
    currency,
    charged,
    ...(topUp && { chargeId: topUp.paymentIntentId, purchaseId: topUp.purchaseId }),
    ...(session !== undefined && { session }),
  }
  let isEnded = false

  /** `write` says whether it took effect. */
  async function end(what: 'captured' | 'released', write: () => Promise<boolean>): Promise<void> {
    if (isEnded || held.type !== 'held') return
    isEnded = true
    const verb = what === 'captured' ? 'capture' : 'release'
    try {
      if (await write())
        emit(context, () => ({
          type: what,
          client: clientDigest(clientId),
          currency,
          units: charged,
          resource,
        }))
      else reportFault(context, verb, 'the hold had run out')
    } catch (error) {
      // The hold runs out by itself, in the payer's favour.
      reportFault(context, verb, error)
    }
  }

  return {
    info: { clientId, currency, charged, creditsRemaining },
    settle: tag.settle,
    receipt: () => serializePaymentResponse(response),
    unspentReceipt: () =>
      topUp &&
      serializePaymentResponse({
        ...response,
        success: false,
        charged: 0,
        creditsRemaining: creditsRemaining + charged,
      }),
    capture: () =>
      end('captured', async () => {
        const result = await context.captures.add({ clientId, currency, operationId, runId, units: charged })
        return result.type !== 'expired'
      }),
    release: () =>
      end('released', async () => {
        await context.settings.store.release({ clientId, currency, operationId, runId })
        return true
      }),
  }
}
