import { type ClientId, minorToUnits, unitsToMinor } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { recordRefund } from '../debits/record-debit.js'
import { refundDebit } from '../debits/refund-debit.js'
import { InvalidInputError } from '../store/store-error.js'
import type { Account, AccountKey } from '../store.js'
import { refundOrderOf } from '../stripe-gateway.js'
import { paymentOf } from '../top-up/credit-intent.js'
import { type PartOutcome, refundPayment } from './refund-payment.js'

/** How much to refund, and whether to. */
export interface RefundOptions {
  /**
   * At most this, in units of one currency. Default: everything that is unspent, in every currency.
   *
   * `order` names the wish: under one order no more than this goes back in all, however often it is run. 1 to 64 letters,
   * digits, `-` and `_`; another refund is another order.
   */
  amount?: { currency: string; units: number; order: string } | undefined
  /** Only say what would be refunded. */
  isDryRun?: boolean | undefined
  /** Told after every payment. */
  onProgress?: ((part: RefundedPart) => void) | undefined
  /** Told of each payment that Stripe is asked about, before anything moves. */
  onLook?: ((paymentIntentId: string) => void) | undefined
}

/** What came of one payment. */
export interface RefundedPart {
  currency: string
  paymentIntentId: string
  units: number
  result: 'planned' | PartOutcome['type']
  refundId: string | null
  /** Why nothing moved, or why it is not known whether something did. */
  reason: string | null
}

/** What a refund came to. */
export interface RefundReport {
  clientId: ClientId
  /** The order that it belongs to; null for everything that is unspent. */
  order: string | null
  parts: RefundedPart[]
  /** The client's accounts afterwards. */
  accounts: Account[]
  /** Whether each part is known to be refunded or not. Otherwise run it again a little later, under the same order. */
  isCertain: boolean
}

const BATCH = 1000

/**
 * Returns unspent credit to the cards it came from, the latest payment first. Running it twice, at once or one after
 * the other, refunds once; an amount is refunded once per order. What is smaller than Stripe's minor unit stays.
 *
 * @throws InvalidInputError for an order that is no id.
 */
export async function refundClient(
  context: Context,
  clientId: ClientId,
  options: RefundOptions = {},
): Promise<RefundReport> {
  const { store } = context.settings
  const order = orderOf(options)
  await context.start()
  // An earlier run that was stopped may have left units held; once they ran out they are there to be refunded.
  while ((await store.releaseExpired(BATCH)) === BATCH);
  const parts: RefundedPart[] = []
  for (const { currency } of await store.accounts(clientId))
    if (options.amount === undefined || options.amount.currency === currency)
      parts.push(...(await refundAccount(context, { clientId, currency }, options)))
  return {
    clientId,
    order,
    parts,
    accounts: await store.accounts(clientId),
    isCertain: parts.every(({ result }) => result !== 'unknown' && result !== 'interrupted'),
  }
}

/** Whether this may name an order. */
export function isRefundOrder(order: string): boolean {
  return /^[\w-]{1,64}$/.test(order)
}

function orderOf({ amount }: RefundOptions): string | null {
  if (amount === undefined) return null
  if (isRefundOrder(amount.order)) return amount.order
  throw new InvalidInputError('order must have 1 to 64 letters, digits, "-" or "_".')
}

async function refundAccount(
  context: Context,
  account: AccountKey,
  options: RefundOptions,
): Promise<RefundedPart[]> {
  const { amount, onProgress = () => {} } = options
  const payments = await readPayments(context, account, options)
  const { available, frozen } = await context.settings.store.account(account)
  const alreadyBack = payments.reduce((units, { unitsOfOrder }) => units + unitsOfOrder, 0)
  let left = Math.min(available, amount ? amount.units - alreadyBack : available)
  const parts: RefundedPart[] = []
  for (const payment of payments) {
    // Bounded by the payment first: a balance may be more than any one charge can be.
    const refundable = minorToUnits(payment.refundableMinor, account.currency)
    const minor = wholeMinor(Math.min(left, refundable), account.currency)
    if (minor <= 0) continue
    const units = minorToUnits(minor, account.currency)
    const outcome =
      withoutRefund(payment, frozen, options) ??
      (await refundPayment(context, { ...payment, account, minor, order: orderOf(options) }))
    const part: RefundedPart = {
      currency: account.currency,
      paymentIntentId: payment.intent.id,
      units,
      result: outcome.type,
      refundId: 'refundId' in outcome ? outcome.refundId : null,
      reason: 'reason' in outcome ? outcome.reason : null,
    }
    parts.push(part)
    onProgress(part)
    if (outcome.type !== 'refused') left -= units
  }
  return parts
}

/** What comes of a payment that is not refunded; null for one that is. */
function withoutRefund(
  { isOurs }: RefundablePayment,
  isFrozen: boolean,
  { isDryRun }: RefundOptions,
): { type: 'refused'; reason: string } | { type: 'planned' } | null {
  if (isFrozen) return { type: 'refused', reason: 'account_frozen' }
  // Credited under a secret that is no longer configured: what went back could not be debited.
  if (!isOurs) return { type: 'refused', reason: 'unknown_issuer' }
  return isDryRun ? { type: 'planned' } : null
}

interface RefundablePayment {
  intent: Stripe.PaymentIntent
  charge: string
  isOurs: boolean
  refundableMinor: number
  /** Refunds that were made of it before, whatever became of them; under an order, those of the order. */
  refundsBefore: number
  /** What went back under the order. */
  unitsOfOrder: number
}

/** What an account paid, latest first, and how much of it can still go back. Earlier refunds are written down on the way. */
async function readPayments(
  context: Context,
  account: AccountKey,
  options: RefundOptions,
): Promise<RefundablePayment[]> {
  const { records, settings } = context
  const order = orderOf(options)
  const payments: RefundablePayment[] = []
  for (const id of await settings.store.payments(account)) {
    options.onLook?.(id)
    const intent = await records.payment(id)
    const charge = intent?.latest_charge
    if (!intent || !charge || typeof charge === 'string') continue
    const refunds: Stripe.Refund[] = []
    for await (const { object } of records.refundsOf(charge.id)) {
      if (!options.isDryRun) await recordRefund(context, object, intent)
      if (order === null || refundOrderOf(object) === order) refunds.push(object)
    }
    payments.push({
      intent,
      charge: charge.id,
      isOurs: paymentOf(context, intent)?.clientId === account.clientId,
      refundableMinor: charge.amount_captured - charge.amount_refunded,
      refundsBefore: refunds.length,
      unitsOfOrder: refunds.reduce((units, refund) => units + refundDebit(refund, account).units, 0),
    })
  }
  return payments.sort((one, other) => other.intent.created - one.intent.created)
}

/** What of an amount Stripe can move: `unitsToMinor` rounds up, and nobody gets back more than is unspent. */
function wholeMinor(units: number, currency: string): number {
  if (units <= 0) return 0
  const minor = unitsToMinor(units, currency)
  return minorToUnits(minor, currency) > units ? minor - unitsToMinor(1, currency) : minor
}
