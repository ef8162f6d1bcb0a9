import type { ClientId } from '@stripe402/core'
import type Stripe from 'stripe'
import type { Context } from '../../context.js'
import type { Answer } from '../../refusal.js'
import { refreshCard } from '../../saved-card/kept-card.js'
import { clientIn } from '../../stripe-cards.js'
import { plain } from './answers.js'

/** A Customer was deleted, and every card was taken from it. */
export function settleCustomer(context: Context, { id, metadata }: Stripe.Customer): Promise<Answer> {
  return settleCardOf(context, clientIn(metadata, context.settings), (card) => card.customerId === id)
}

/** A card was taken from its Customer, or its bank issued it anew. `previous`: what was so before. */
export async function settleCard(
  context: Context,
  { id, customer }: Stripe.PaymentMethod,
  previous: Partial<Stripe.PaymentMethod> | undefined,
): Promise<Answer> {
  const owner = customer ?? previous?.customer
  const clientId = typeof owner === 'string' ? await context.cards.clientOf(owner) : null
  return settleCardOf(context, clientId, (card) => card.paymentMethodId === id)
}

async function settleCardOf(
  context: Context,
  clientId: ClientId | null,
  isMeant: (card: { customerId: string; paymentMethodId: string }) => boolean,
): Promise<Answer> {
  const card = clientId && (await context.settings.store.savedCard(clientId))
  if (!card || !isMeant(card)) return plain(200, 'Not needed.')
  return (await refreshCard(context, card))
    ? plain(200, 'Noted.')
    : plain(503, 'Stripe could not be asked; send it again.')
}
