import type { ClientId } from '@stripe402/core'
import { deriveClientId } from './client-id.js'
import type { Context } from './context.js'
import { reportFault } from './report.js'
import { type Refusal, sellerMisconfigured, unavailable } from './top-up/outcome.js'

/**
 * Asks Stripe whose card a PaymentMethod is, and which account belongs to it.
 *
 * With several secrets the newest makes the id of a new client; a client that has an account under an older one keeps it.
 */
export async function identifyPayer(
  context: Context,
  paymentMethodId: string,
): Promise<{ type: 'payer'; clientId: ClientId; isAttached: boolean } | Refusal> {
  const { gateway } = context
  const card = await gateway.card(paymentMethodId)
  if (card.type === 'unreachable' || card.type === 'unknown') {
    reportFault(context, 'reading the PaymentMethod', card.cause)
    return card.type === 'unknown' ? unavailable() : sellerMisconfigured()
  }
  if (card.type === 'unusable')
    return {
      type: 'refused',
      error: 'invalid_payment',
      message:
        'This PaymentMethod is not a card of this Stripe account. Nothing was charged; enter the card again.',
    }
  const { fingerprint, isAttached } = card
  return { type: 'payer', clientId: await clientOf(context, fingerprint), isAttached }
}

/** The client that the holder of a card is. */
export async function clientOf(
  { settings }: Pick<Context, 'settings'>,
  fingerprint: string,
): Promise<ClientId> {
  const hasAccount = async (id: ClientId): Promise<boolean> => (await settings.store.accounts(id)).length > 0
  const [newest, ...older] = settings.secrets
  const clientId = deriveClientId(fingerprint, newest)
  if (older.length === 0 || (await hasAccount(clientId))) return clientId
  for (const secret of older) {
    const known = deriveClientId(fingerprint, secret)
    if (await hasAccount(known)) return known
  }
  return clientId
}
