import { type ClientId, serializePaymentResponse } from '@stripe402/core'
import type { Context } from './context.js'
import type { PriceTag } from './price-tag.js'
import type { Right } from './proof/right-to-spend.js'
import { type Answer, answerProblem } from './refusal.js'
import { captureHold, releaseHold, releaseReplay } from './settle-hold.js'
import type { HoldRequest, HoldResult } from './store.js'
import { type Paid, unavailable } from './top-up/outcome.js'

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
  /** Served: takes the price. Resolves once it is known whether the store has it for certain; never rejects. */
  capture(): Promise<boolean>
  /** What is sent in place of an answer that wants to be captured first, and was not. */
  uncaptured(): Answer
  /** Nothing is paid, because a run under the same request id was. */
  isReplay: boolean
  /** There where it matters: tells that an answer which had begun did not reach its end. */
  cutOff?(): Promise<void>
  /** Not served: gives the price back, or a replay's place. Never rejects. */
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
  const { clientId, currency } = hold
  const creditsRemaining = held.account.available
  const session = right.issue?.(held.account)
  const kept = held.type === 'held' ? context.holds.keep(hold) : null
  const isReplay = held.type === 'admitted' && held.reason === 'replay'
  let ending: Promise<boolean> | undefined

  async function end(how: (held: HoldRequest) => Promise<boolean>): Promise<boolean> {
    const current = kept?.letGo() ?? hold
    return how(current instanceof Promise ? await current : current)
  }

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
    isReplay,
    session,
    receipt: () => receipt({ success: true, creditsRemaining, charged }),
    unspentReceipt: () =>
      topUp && receipt({ success: false, creditsRemaining: creditsRemaining + charged, charged: 0 }),
    uncaptured: () => answerProblem(unavailable()),
    capture() {
      ending ??= kept
        ? end((held) => captureHold(context, held, { isServed: tag.settle === 'after-response' }))
        : Promise.resolve(true)
      return ending
    },
    async release() {
      ending ??= kept
        ? end((held) => releaseHold(context, held).then(() => false))
        : (isReplay ? releaseReplay(context, hold) : Promise.resolve()).then(() => false)
      await ending
    },
  }
}
