import type { Client } from '../client.js'
import type { OpenPurchase } from '../client-store.js'
import type { Approved } from '../next-step.js'
import type { OriginMemory } from '../origin-memory.js'
import type { PaymentDetails } from '../send-once.js'
import { type Unanswered, underWay } from '../under-way.js'

/** Who pressed "Pay" so long ago has given up: their card is not charged any more without another question. */
const LOST_CARD_MS = 120_000

/** A purchase without an outcome, found again. */
export interface FoundPurchase {
  /** What to send, to hear what came of it. */
  readonly payment: PaymentDetails
  readonly agreed: Approved | undefined
  /** It is of an earlier page, whose card is gone: the seller is asked whether it was charged. */
  readonly isRemembered: boolean
}

/** The purchase that is open for one origin and preferred currency, remembered until its outcome is known. */
export interface PurchaseNotes {
  /** Null when there is none, or none that is paid in one of these currencies. */
  find(currencies: readonly string[]): FoundPurchase | null
  /** To be called before it is sent. */
  remember(details: PaymentDetails & OpenPurchase, agreed: Approved | undefined): PaymentDetails
  /** The reply to this payment was lost: it can be sent once more as it was, from this page. */
  keepLost(payment: PaymentDetails): void
  /** Whether the outcome of this purchase is still not known. */
  isOpen(payment: PaymentDetails): boolean
  forget(): void
}

/** Opens the notes of one origin and preferred currency. */
export function purchaseNotes(
  client: Client,
  { origin, currency, memory }: { origin: string; currency: string; memory: OriginMemory },
): PurchaseNotes {
  const { unanswered } = underWay(client)
  const key = `${origin} ${currency}`
  return {
    find(currencies) {
      const noted = memory.purchase(currency)
      const open: Unanswered | undefined = unanswered.get(key) ?? noted
      if (!open || !currencies.includes(open.currency)) return null
      unanswered.set(key, open)
      const { agreed, lost, ...purchase } = open
      // Where another tab has written meanwhile it may be settled: its card is not sent again unasked.
      const isOurs = noted?.purchaseId === open.purchaseId && lost?.signOuts === memory.signOuts()
      if (lost && isOurs && Date.now() - lost.atMs < LOST_CARD_MS)
        return { payment: lost.payment, agreed, isRemembered: false }
      const clientId = memory.account(currency)?.clientId
      return { payment: { ...purchase, clientId }, agreed, isRemembered: true }
    },
    remember(details, agreed) {
      const { purchaseId, paymentIntentId } = details
      const purchase = { purchaseId, paymentIntentId, currency: details.currency, agreed }
      unanswered.set(key, purchase)
      memory.rememberPurchase(currency, purchase)
      return details
    },
    keepLost(payment) {
      const open = unanswered.get(key)
      if (!open || !payment.purchaseId) return
      unanswered.set(key, { ...open, lost: { payment, atMs: Date.now(), signOuts: memory.signOuts() } })
    },
    isOpen: ({ purchaseId }) => purchaseId !== undefined && unanswered.get(key)?.purchaseId === purchaseId,
    forget() {
      const purchaseId = unanswered.get(key)?.purchaseId
      unanswered.delete(key)
      // Another tab may have noted one of its own there.
      if (purchaseId === memory.purchase(currency)?.purchaseId) memory.rememberPurchase(currency, undefined)
    },
  }
}
