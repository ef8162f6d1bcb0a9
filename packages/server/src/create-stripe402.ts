import type { ClientId } from '@stripe402/core'
import { type AuditOptions, audit, type FullAuditReport } from './audit/audit.js'
import { type Authorization, authorize } from './authorize.js'
import type { Context } from './context.js'
import { createContext } from './create-context.js'
import { answerBalance } from './endpoints/balance.js'
import { answerForgetBrowser } from './endpoints/forget-browser.js'
import { answerForgetCard } from './endpoints/forget-card.js'
import { answerHistory } from './endpoints/history.js'
import { answerSignOut } from './endpoints/sign-out.js'
import { answerTopUp } from './endpoints/top-up.js'
import { answerWebhook } from './endpoints/webhook.js'
import type { PaidRequest } from './paid-request.js'
import { type PriceOptions, type PriceTag, priceTag } from './price-tag.js'
import { spendProof } from './proof/spend-proof.js'
import { type ReconcileOptions, reconcile } from './reconcile/reconcile.js'
import type { ReconcileReport } from './reconcile/repair-log.js'
import { type RefundOptions, type RefundReport, refundClient } from './refund/refund-client.js'
import { type Answer, answerProblem } from './refusal.js'
import { resolveSettings, type Settings, type Stripe402Options } from './settings.js'
import { type SweepOptions, type SweepReport, sweep } from './sweep.js'
import { orUnavailable } from './top-up/or-else.js'

/** The engine: everything an adapter needs, free of any framework. */
export interface Stripe402 {
  settings: Settings
  /** Checks the store and creates what it needs. Called by the first request; call it at start-up to fail early. */
  start(): Promise<void>
  /** @throws ConfigurationError for a price that cannot work. */
  priceTag(options: PriceOptions): PriceTag
  /** May this request be served? Rejects only for a fault in a seller's own `price` or `description`, and with an error. */
  authorize(request: PaidRequest, tag: PriceTag): Promise<Authorization>
  balance(request: PaidRequest): Promise<Answer>
  history(request: PaidRequest): Promise<Answer>
  topUp(request: PaidRequest): Promise<Answer>
  /** Answers a client that signs all its devices out. */
  signOut(request: PaidRequest): Promise<Answer>
  /** Answers a client that wants its kept card forgotten. */
  forgetCard(request: PaidRequest): Promise<Answer>
  /** Ends the cookie of one browser. */
  forgetBrowser(request: PaidRequest): Answer
  /** `rawBody` must be the bytes as they came: a signature does not survive parsing. */
  webhook(rawBody: Uint8Array | string, signature: string | undefined): Promise<Answer>
  /**
   * Finishes purchases whose process is gone and returns holds that ran out. Once started, the engine does so by itself
   * every `sweepEveryMs`.
   *
   * @throws StoreUnavailableError when the store cannot be asked.
   */
  sweep(options?: SweepOptions): Promise<SweepReport>
  /**
   * Compares the store with Stripe and writes down what is missing; rebuilds a blank store. Run it after an outage, and
   * once a day.
   *
   * @throws StoreUnavailableError when the store cannot be asked, and Stripe's errors.
   */
  reconcile(options?: ReconcileOptions): Promise<ReconcileReport>
  /**
   * Checks every account by the rules of the ledger and against Stripe. Changes nothing.
   *
   * @throws StoreUnavailableError when the store cannot be asked, and Stripe's errors.
   */
  audit(options?: AuditOptions): Promise<FullAuditReport>
  /**
   * Returns a client's unspent credit to the cards it came from. Safe to run again, which is what to do while the report
   * is not certain; an amount under the same order.
   *
   * @throws StoreUnavailableError when the store cannot be asked, and Stripe's errors.
   */
  refund(clientId: ClientId, options?: RefundOptions): Promise<RefundReport>
  /** Stops sweeping and writes what is waiting to be captured. The store's connection stays yours to close. */
  close(): Promise<void>
}

/**
 * Makes the engine.
 *
 * @throws ConfigurationError for a missing or weak setting, naming it and the mend.
 * @example
 * ```ts
 * const stripe402 = createStripe402({
 *   stripe: { secretKey: process.env.STRIPE_SECRET_KEY ?? '' },
 *   publishableKey: process.env.STRIPE_PUBLISHABLE_KEY ?? '',
 *   secret: process.env.SERVER_SECRET ?? '',
 *   store: new MemoryStore(),
 * })
 * ```
 */
export function createStripe402(options: Stripe402Options): Stripe402 {
  const settings = resolveSettings(options)
  const { context, sweeping } = createContext(settings)
  const answered = async (where: string, answer: () => Promise<Answer>): Promise<Answer> => {
    const outcome = await orUnavailable(context, where, async () => {
      await context.start()
      return answer()
    })
    return 'type' in outcome ? answerProblem(outcome) : outcome
  }
  /** The same for a request that shows whose account it is about. */
  const answeredFor = async (
    where: string,
    request: PaidRequest,
    answer: (context: Context, request: PaidRequest) => Promise<Answer>,
  ): Promise<Answer> => {
    const given = await answered(where, () => answer(context, request))
    await spendProof(context, request)
    return given
  }

  return {
    settings,
    start: context.start,
    priceTag: (price) => priceTag(price, settings),
    authorize: (request, tag) => authorize(context, request, tag),
    balance: (request) => answeredFor('balance', request, answerBalance),
    history: (request) => answeredFor('history', request, answerHistory),
    topUp: (request) => answerTopUp(context, request),
    signOut: (request) => answeredFor('sign-out', request, answerSignOut),
    forgetCard: (request) => answeredFor('forget-card', request, answerForgetCard),
    forgetBrowser: answerForgetBrowser,
    webhook: (rawBody, signature) => answered('webhook', () => answerWebhook(context, rawBody, signature)),
    sweep: (options) => sweep(context, options),
    reconcile: (options) => reconcile(context, options),
    audit: (options) => audit(context, options),
    refund: (clientId, options) => refundClient(context, clientId, options),
    async close() {
      await sweeping.end()
      context.holds.end()
      await context.captures.flush()
    },
  }
}
