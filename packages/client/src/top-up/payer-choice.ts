import { abortable } from '../abortable.js'
import type { Client } from '../client.js'
import { PolicyRefusedError } from '../errors.js'
import { offerIn } from '../judged-offers.js'
import { newPurchaseId } from '../new-id.js'
import type { OriginMemory } from '../origin-memory.js'
import type { PaymentContext } from '../payer.js'
import { mostPerTopUp } from '../policy.js'
import type { PaymentDetails } from '../send-once.js'
import type { Standing } from './payer-session.js'
import type { PurchaseNotes } from './purchase-notes.js'

/** Asks the payer, and makes of the answer what is sent. */
export interface PayerChoice {
  /** Null when the payer said no. Throws what the payer threw. */
  ask(): Promise<PaymentDetails | null>
  /** The same for a payment that can be sent: a card that answers a question about spending waits for what credit comes to. */
  choose(): Promise<PaymentDetails | null>
  /**
   * Opens a purchase, remembered before it is sent. The amount is always said, so that the seller cannot choose it.
   *
   * @throws PolicyRefusedError when it is above what the policy allows.
   */
  buyWith(choice: PaymentDetails): PaymentDetails
}

/** Whose choice it is, and what it is written into. */
interface Asking {
  readonly context: PaymentContext
  readonly memory: OriginMemory
  readonly notes: PurchaseNotes
  readonly standing: Standing
}

/** Opens the dialogue with a client's payer. */
export function payerChoice(client: Client, { context, memory, notes, standing }: Asking): PayerChoice {
  const { payer } = client

  async function ask(): Promise<PaymentDetails | null> {
    const { challenge } = standing
    const choice = payer && (await abortable(payer(challenge, context), context.signal))
    if (!choice) return null
    const details = { ...choice, currency: choice.currency ?? context.currency }
    const seen = offerIn(challenge, details.currency)
    if (!seen) throw new PolicyRefusedError(challenge, `${details.currency} is not offered.`)
    standing.approved = { currency: seen.currency, units: seen.amount }
    return details
  }

  async function choose(): Promise<PaymentDetails | null> {
    standing.card = undefined
    const details = await ask()
    if (!details || !isCard(details)) return details
    const { currency } = details
    const account = standing.reason === 'confirm' ? memory.account(currency) : undefined
    if (!account) return buyWith(details)
    standing.card = details
    return { clientId: account.clientId, currency }
  }

  function buyWith(choice: PaymentDetails): PaymentDetails {
    const { challenge, approved } = standing
    const { minTopUp = 0, amount = 0, balance = 0 } = offerIn(challenge, choice.currency) ?? {}
    const { topUpAmount = Math.max(minTopUp, amount, amount - balance) } = choice
    if (topUpAmount > mostPerTopUp(client, choice.currency, choice.topUpAmount !== undefined))
      throw new PolicyRefusedError(challenge, 'The top-up is above what the policy allows.')
    const details = { ...choice, topUpAmount, purchaseId: newPurchaseId() }
    if (details.savedCard) details.clientId = (memory.account(details.currency) ?? context).clientId
    return notes.remember(details, approved)
  }

  return { ask, choose, buyWith }
}

/** Whether it charges a card. */
export function isCard({ paymentMethodId, savedCard }: PaymentDetails): boolean {
  return Boolean(paymentMethodId ?? savedCard)
}
