import type { PaymentContext, SavedCard } from '@stripe402/client'

/** Nobody waits longer for a form than this, whatever becomes of the question whether a card is kept. */
const PATIENCE_MS = 2500

/**
 * The card that the seller keeps for this person. Not after a refusal: whatever was wrong, another card is what helps.
 */
export async function findKeptCard(context: PaymentContext): Promise<SavedCard | undefined> {
  if (context.attempt > 1 || context.clientId === undefined || context.reason === 'confirm') return undefined
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null))
  return (await Promise.race([context.savedCard(), late])) ?? undefined
}
