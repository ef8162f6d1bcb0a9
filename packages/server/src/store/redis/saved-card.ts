import type { ClientId } from '@stripe402/core'
import type { SavedCard } from '../../store.js'
import { checkCard, checkCardReference, checkClientId } from '../checked-input.js'
import { cardKey } from './keys.js'
import { readInteger, readReply } from './replies.js'
import type { ScriptCall } from './script-runner.js'

type Run = (call: ScriptCall) => Promise<unknown>

/** How long a forgotten card stays known as one: ten times as long as Stripe repeats an event. */
const FORGOTTEN_MS = 30 * 86_400_000

/** What of a card is read, in the order of {@link readCard}. */
export const CARD_FIELDS = ['customer', 'method', 'brand', 'last4', 'month', 'year'] as const

/** Remembers a card, unless it was forgotten. */
export async function keepCard(run: Run, card: SavedCard): Promise<void> {
  checkCard(card)
  const { clientId, paymentMethodId, customerId, brand, last4, expMonth, expYear } = card
  const args = [paymentMethodId, customerId, brand, last4, expMonth, expYear]
  await run({ script: 'keep-card', keys: [cardKey(clientId)], args })
}

/** Reads a card from the fields of its hash; null for one that is not there or was forgotten. */
export function readCard(clientId: ClientId, fields: unknown): SavedCard | null {
  const [customerId, paymentMethodId, brand, last4, expMonth, expYear] = readReply(fields)
  if (customerId === null || customerId === undefined) return null
  return {
    clientId,
    customerId: String(customerId),
    paymentMethodId: String(paymentMethodId),
    brand: String(brand),
    last4: String(last4),
    expMonth: readInteger(expMonth),
    expYear: readInteger(expYear),
  }
}

/** The key of a client's card. */
export function cardKeyOf(clientId: ClientId): string {
  checkClientId(clientId)
  return cardKey(clientId)
}

/** Forgets a card. */
export async function forgetCard(
  run: Run,
  card: Pick<SavedCard, 'clientId' | 'paymentMethodId'>,
): Promise<void> {
  checkCardReference(card)
  const keys = [cardKey(card.clientId)]
  await run({ script: 'forget-card', keys, args: [card.paymentMethodId, FORGOTTEN_MS] })
}
