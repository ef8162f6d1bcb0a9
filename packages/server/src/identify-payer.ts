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
): Promise<{ type: 'payer'; clientId: ClientId } | Refusal> {
  const { settings, gateway } = context
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
  const hasAccount = async (id: ClientId): Promise<boolean> => (await settings.store.accounts(id)).length > 0
  const [newest, ...older] = settings.secrets
  const clientId = deriveClientId(card.fingerprint, newest)
  if (older.length === 0 || (await hasAccount(clientId))) return { type: 'payer', clientId }
  for (const secret of older) {
    const known = deriveClientId(card.fingerprint, secret)
    if (await hasAccount(known)) return { type: 'payer', clientId: known }
  }
  return { type: 'payer', clientId }
}
