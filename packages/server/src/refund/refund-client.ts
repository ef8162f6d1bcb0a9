import { type ClientId, minorToUnits, unitsToMinor } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../context.js'
import { recordRefund } from '../debits/record-debit.js'
import type { Account, AccountKey } from '../store.js'
import { paymentOf } from '../top-up/credit-intent.js'
import { type PartOutcome, refundPayment } from './refund-payment.js'

/** How much to refund, and whether to. */
export interface RefundOptions {
  /** At most this, in units of one currency. Default: everything that is unspent, in every currency. */
  amount?: { currency: string; units: number } | undefined
  /** Only say what would be refunded. */
  isDryRun?: boolean | undefined
  /** Told after every payment. */
  onProgress?: ((part: RefundedPart) => void) | undefined
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
  parts: RefundedPart[]
  /** The client's accounts afterwards. */
  accounts: Account[]
  /** Whether each part is known to be refunded or not. Otherwise run it again a little later. */
  isCertain: boolean
}

const BATCH = 1000

/**
 * Returns unspent credit to the cards it came from, the latest payment first. Running it twice, at once or one after
 * the other, refunds once. What is smaller than Stripe's minor unit stays.
 */
export async function refundClient(
  context: Context,
  clientId: ClientId,
  options: RefundOptions = {},
): Promise<RefundReport> {
  const { store } = context.settings
  await context.start()
  // An earlier run that was stopped may have left units held; once they ran out they are there to be refunded.
  while ((await store.releaseExpired(BATCH)) === BATCH);
  const parts: RefundedPart[] = []
  for (const { currency } of await store.accounts(clientId))
    if (options.amount === undefined || options.amount.currency === currency)
      parts.push(...(await refundAccount(context, { clientId, currency }, options)))
  return {
    clientId,
    parts,
    accounts: await store.accounts(clientId),
    isCertain: parts.every(({ result }) => result !== 'unknown' && result !== 'interrupted'),
  }
}

async function refundAccount(
  context: Context,
  account: AccountKey,
  { amount, isDryRun = false, onProgress = () => {} }: RefundOptions,
): Promise<RefundedPart[]> {
  const payments = await readPayments(context, account, isDryRun)
  const { available, frozen } = await context.settings.store.account(account)
  let left = Math.min(available, amount?.units ?? available)
  const parts: RefundedPart[] = []
  for (const { intent, charge, isOurs, refundableMinor, refundsBefore } of payments) {
    const minor = Math.min(wholeMinor(left, account.currency), refundableMinor)
    if (minor <= 0) continue
    const units = minorToUnits(minor, account.currency)
    const order = { account, intent, charge, minor, refundsBefore }
    const outcome = await (frozen
      ? FROZEN
      : !isOurs
        ? NOT_OURS
        : isDryRun
          ? PLANNED
          : refundPayment(context, order))
    const part: RefundedPart = {
      currency: account.currency,
      paymentIntentId: intent.id,
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

const FROZEN = { type: 'refused', reason: 'account_frozen' } as const
const PLANNED = { type: 'planned' } as const
/** Credited under a secret that is no longer configured: what went back could not be debited. */
const NOT_OURS = { type: 'refused', reason: 'unknown_issuer' } as const

interface RefundablePayment {
  intent: Stripe.PaymentIntent
  charge: string
  isOurs: boolean
  refundableMinor: number
  refundsBefore: number
}

/** What an account paid, latest first, and how much of it can still go back. Earlier refunds are written down on the way. */
async function readPayments(
  context: Context,
  account: AccountKey,
  isDryRun: boolean,
): Promise<RefundablePayment[]> {
  const { records, settings } = context
  const payments: RefundablePayment[] = []
  for (const id of await settings.store.payments(account)) {
    const intent = await records.payment(id)
    const charge = intent?.latest_charge
    if (!intent || !charge || typeof charge === 'string') continue
    let refundsBefore = 0
    for await (const { object } of records.refundsOf(charge.id)) {
      if (!isDryRun) await recordRefund(context, object, intent)
      refundsBefore += 1
    }
    const refundableMinor = charge.amount_captured - charge.amount_refunded
    const isOurs = paymentOf(context, intent)?.clientId === account.clientId
    payments.push({ intent, charge: charge.id, isOurs, refundableMinor, refundsBefore })
  }
  return payments.sort((one, other) => other.intent.created - one.intent.created)
}

/** What of an amount Stripe can move: `unitsToMinor` rounds up, and nobody gets back more than is unspent. */
function wholeMinor(units: number, currency: string): number {
  if (units <= 0) return 0
  const minor = unitsToMinor(units, currency)
  return minorToUnits(minor, currency) > units ? minor - unitsToMinor(1, currency) : minor
}
