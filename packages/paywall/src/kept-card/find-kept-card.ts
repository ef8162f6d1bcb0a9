import type { PaymentContext, SavedCard } from '@stripe402/client'
import type { Offer } from '../state/offer.js'

/** Nobody waits longer for a form than this, whatever becomes of the question whether a card is kept. */
const PATIENCE_MS = 2500

/** The card that the seller keeps for this person. Not where the balance pays. */
export async function findKeptCard(
  context: PaymentContext,
  { purpose }: Offer,
): Promise<SavedCard | undefined> {
  if (context.clientId === undefined || purpose === 'confirm') return undefined
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null))
  return (await Promise.race([context.savedCard(), late])) ?? undefined
}
