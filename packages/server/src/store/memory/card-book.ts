import type { ClientId } from '@stripe402/core'
import type { SavedCard } from '../../store.js'

/** The kept cards of the memory store. */
export class CardBook {
  /** By client; a text is the PaymentMethod that was forgotten last. */
  readonly #cards = new Map<ClientId, SavedCard | string>()

  keep(card: SavedCard): void {
    if (this.#cards.get(card.clientId) === card.paymentMethodId) return
    const { clientId, customerId, paymentMethodId, brand, last4, expMonth, expYear } = card
    this.#cards.set(clientId, { clientId, customerId, paymentMethodId, brand, last4, expMonth, expYear })
  }

  get(clientId: ClientId): SavedCard | null {
    const known = this.#cards.get(clientId)
    return typeof known === 'object' ? { ...known } : null
  }

  forget({ clientId, paymentMethodId }: Pick<SavedCard, 'clientId' | 'paymentMethodId'>): void {
    if (this.get(clientId)?.paymentMethodId === paymentMethodId) this.#cards.set(clientId, paymentMethodId)
  }
}
