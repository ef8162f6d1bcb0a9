import type { PaymentChoice } from '@stripe402/client'
import type { ClientId } from '@stripe402/core'
import { PaywallErrorEvent } from '../events/error-event.js'
import { chosenUnits, needsNoCard, type OpenDialog } from '../state/paywall-state.js'
import type { Problem } from '../state/problem.js'
import type { NamedCard } from '../stripe/card-name.js'
import type { CardSession } from '../stripe/card-session.js'

/** What pressing Pay needs besides what is on the screen. */
export interface PressPort {
  card: Pick<CardSession, 'createPaymentMethod'>
  emit(event: Event): boolean
  /** Nothing is missing in the card form: it may be put out of reach. */
  onComplete: () => void
  /** The account that pays when the balance suffices. */
  clientId: ClientId | undefined
}

/** What pressing Pay came to: something for the client to pay with, or why there is nothing. */
export type Pressed =
  | { type: 'chosen'; choice: PaymentChoice | null; card?: NamedCard | undefined }
  | { type: 'refused'; problem: Problem | undefined }

/** Takes what is on the screen for the person's answer. Never rejects. */
export async function pressPay(
  dialog: OpenDialog,
  { card, emit, onComplete, clientId }: PressPort,
): Promise<Pressed> {
  const units = chosenUnits(dialog)
  const { currency } = dialog.offer
  if (needsNoCard(dialog)) return { type: 'chosen', choice: clientId ? { clientId, currency } : null }
  if (units === null) return { type: 'refused', problem: undefined }
  if (dialog.saved)
    return { type: 'chosen', choice: { savedCard: true, topUpAmount: units, currency }, card: dialog.saved }
  try {
    const result = await card.createPaymentMethod(onComplete)
    if (!result.ok) return { type: 'refused', problem: result.problem }
    const { paymentMethodId, card: typed } = result
    const saveCard = dialog.keepsCard || undefined
    return {
      type: 'chosen',
      choice: { paymentMethodId, topUpAmount: units, currency, saveCard },
      card: typed,
    }
  } catch (error) {
    emit(new PaywallErrorEvent(error))
    return { type: 'refused', problem: { kind: 'other-problem' } }
  }
}
