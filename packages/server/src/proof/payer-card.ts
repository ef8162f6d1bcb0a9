import type Stripe from 'stripe'
import { isHolder } from '../client-id.js'
import type { Context } from '../context.js'
import { reportFault } from '../report.js'
import type { AccountKey, Mark, Purchase } from '../store.js'
import type { Paid } from '../top-up/outcome.js'
import { knownCard } from './known-card.js'

/** How long the store knows who paid; Stripe is asked when somebody comes later. */
const PAYER_MS = 86_400_000

/** A payment of which it may not be known whose card it was. */
type Payment = Pick<Paid, 'account' | 'paymentIntentId'>

/** The card of an intent; its fingerprint where Stripe was asked to tell it along with the intent. */
export function cardIn({
  payment_method: method,
}: Pick<Stripe.PaymentIntent | Stripe.SetupIntent, 'payment_method'>): {
  paymentMethodId: string
  fingerprint?: string | null | undefined
} | null {
  if (method === null) return null
  return typeof method === 'string'
    ? { paymentMethodId: method }
    : { paymentMethodId: method.id, fingerprint: method.card?.fingerprint }
}

/**
 * Whether the card that was charged is the account's; null when Stripe does not say. Whoever has the client secret may pay at
 * Stripe with any card, so that a purchase that was begun for one card may be paid with another: the credit is the account's
 * all the same, and whoever paid has not shown to be its holder. `purchase`: where it is at hand.
 */
export async function isHoldersCard(
  context: Context,
  { metadata, ...intent }: Stripe.PaymentIntent,
  { account: { clientId }, purchase }: { account: AccountKey; purchase: Purchase | null },
): Promise<boolean | null> {
  const { gateway, settings } = context
  const card = cardIn(intent)
  if (card === null) return false
  const { paymentMethodId } = card
  const isOf = (fingerprint: string | null): boolean => isHolder(clientId, fingerprint, settings.secrets)
  // Of the card that the purchase names it was found out whose it is. A kept one may have another number by now.
  if (purchase?.clientId === clientId && purchase.paymentMethodId === paymentMethodId) return true
  if (card.fingerprint !== undefined) return isOf(card.fingerprint)
  const read = await gateway.card(paymentMethodId)
  if (read.type === 'card') return isOf(read.fingerprint)
  if (read.type === 'unusable') return false
  reportFault(context, 'reading the card that paid', read.cause)
  return null
}

/** Remembers whose card paid, and a card that is its account's as known to be. One round trip. */
export async function rememberPayer(
  { settings }: Context,
  { account, paymentIntentId }: Payment,
  { isHolders, paymentMethodId }: { isHolders: boolean; paymentMethodId: string | undefined },
): Promise<void> {
  const marks = [payer(paymentIntentId, isHolders, 1)]
  if (isHolders && paymentMethodId !== undefined) marks.push(knownCard(account, paymentMethodId, 1))
  await settings.store.mark(marks)
}

/** Whether a payment came from the account's own card, as far as it is known by now; null when Stripe does not say. */
export async function isPaidByHolder(context: Context, paid: Paid): Promise<boolean | null> {
  if (paid.isHolders !== undefined) return paid.isHolders
  const { account, paymentIntentId, purchaseId } = paid
  const { store } = context.settings
  const [holder, other] = await store.mark([
    payer(paymentIntentId, true, 0),
    payer(paymentIntentId, false, 0),
  ])
  if (holder?.isMade || other?.isMade) return holder?.isMade === true
  const read = await context.gateway.retrieveIntent(paymentIntentId)
  if (read.type !== 'intent') return null
  const purchase = await store.purchase(purchaseId)
  const isHolders = await isHoldersCard(context, read.intent, { account, purchase })
  if (isHolders !== null)
    await rememberPayer(context, paid, { isHolders, paymentMethodId: cardIn(read.intent)?.paymentMethodId })
  return isHolders
}

function payer(paymentIntentId: string, isHolders: boolean, most: number): Mark {
  return {
    name: `payer:${isHolders ? 'holder' : 'other'}:${paymentIntentId}`,
    member: 'known',
    windowMs: PAYER_MS,
    most,
  }
}
