import type { ClientId } from '@stripe402/core'
import type Stripe from 'stripe'
import { isHolder } from '../client-id.js'
import type { Context } from '../context.js'
import type { Evidence } from '../proof/evidence.js'
import { cardIn } from '../proof/payer-card.js'
import { reportFault } from '../report.js'
import type { PurchaseTerms } from '../store.js'

/**
 * The terms of a top-up whose card its holder wants to keep: with the Customer that it will belong to, made before any
 * PaymentIntent. `isOwn`: by a key that is bound to the account. The Customer of a kept card is for such a one alone: in a
 * purchase of that Customer its card can be charged by its name, which stands in a log. Anybody else has seen a number.
 *
 * Without a key that signs the request nobody could ever use or forget the card, so it is charged and not kept. So it is
 * when Stripe gives no Customer: that is no reason not to be paid, and Stripe repeats a 500 for a day.
 */
export async function withCustomer(
  context: Context,
  terms: PurchaseTerms,
  { isWanted, isOwn, evidence }: { isWanted: boolean; isOwn: boolean; evidence: Evidence },
): Promise<PurchaseTerms> {
  if (!isWanted || evidence.key === null || terms.customerId !== null) return terms
  const known = isOwn ? await context.settings.store.savedCard(terms.clientId) : null
  const made = known
    ? ({ type: 'customer', id: known.customerId } as const)
    : await context.cards.customerFor(terms)
  if (made.type === 'customer') return { ...terms, customerId: made.id, keepsCard: true }
  reportFault(context, 'making a Customer', made.cause)
  return terms
}

/**
 * Remembers the card of a payment whose holder wanted to keep it, and no other card that the payment was made with. Takes
 * everything from Stripe, so that whoever credits the payment may do it; a fault in it costs the person an entry of the card,
 * and never the credit.
 *
 * @returns false when it has to be done once more.
 */
export async function keepCardOf(
  context: Context,
  clientId: ClientId,
  intent: Pick<Stripe.PaymentIntent, 'customer' | 'payment_method' | 'setup_future_usage'>,
): Promise<boolean> {
  const { customer, setup_future_usage: usage } = intent
  const method = cardIn(intent)?.paymentMethodId
  if (usage === null || typeof customer !== 'string' || method === undefined) return true
  try {
    const { secrets, store } = context.settings
    const read = await context.cards.read(method)
    if (read.type === 'unknown') reportFault(context, 'reading the card to be kept', read.cause)
    if (read.type !== 'kept' || read.card.customerId !== customer) return read.type !== 'unknown'
    if (!isHolder(clientId, read.fingerprint, secrets)) return true
    if (!(await isAlone(context, clientId, customer))) return false
    await store.keepCard({ clientId, ...read.card })
    return true
  } catch (error) {
    reportFault(context, 'keeping a card', error)
    return false
  }
}

/**
 * Takes the card that was kept so far from its Customer, where that is another one: it could not be forgotten any more. False
 * when Stripe did not do it: two cards, of which one could never be forgotten, are worse than the one of before.
 */
async function isAlone(context: Context, clientId: ClientId, customerId: string): Promise<boolean> {
  const kept = await context.settings.store.savedCard(clientId)
  if (!kept || kept.customerId === customerId) return true
  const detached = await context.cards.detachAll(kept.customerId)
  if (detached.type === 'unknown') reportFault(context, 'detaching a card', detached.cause)
  return detached.type === 'detached'
}
