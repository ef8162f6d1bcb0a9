import { createHash } from 'node:crypto'
import type { Context } from '../context.js'
import type { AccountKey, Mark } from '../store.js'

/** How long a card that paid, or that its issuer confirmed, is known; its holder may spend with its name alone. */
const KNOWN_CARD_MS = 400 * 86_400_000

/** Remembers that this card's holder has paid, or was confirmed by the issuer. Without it a second tab would be asked. */
export async function rememberCard(
  context: Pick<Context, 'settings'>,
  account: AccountKey,
  paymentMethodId: string,
): Promise<void> {
  await context.settings.store.mark([knownCard(account, paymentMethodId, 1)])
}

/** Whether this card has paid, or was confirmed by its issuer. */
export async function isKnownCard(
  context: Context,
  account: AccountKey,
  paymentMethodId: string,
): Promise<boolean> {
  const [result] = await context.settings.store.mark([knownCard(account, paymentMethodId, 0)])
  return result?.isMade === true
}

/** The mark by which a card is known; `most`: 1 makes it, 0 asks for it. */
export function knownCard({ clientId }: AccountKey, paymentMethodId: string, most: number): Mark {
  return {
    name: `card:${createHash('sha256').update(`${clientId} ${paymentMethodId}`).digest('base64url')}`,
    member: 'known',
    windowMs: KNOWN_CARD_MS,
    most,
  }
}
