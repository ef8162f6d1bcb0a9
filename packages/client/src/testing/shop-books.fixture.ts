import { createHash } from 'node:crypto'
import { type ErrorCode, isClientId, type Payment, type PurchaseId } from '@stripe402/core'
import type { ShopState } from './shop-state.fixture.js'

interface Purchase {
  state: 'paid' | 'checking' | 'pending'
  units: number
  /** Whose reply never arrives: a browser repeats a request by itself when its connection breaks. */
  lostFor?: string | undefined
}

/** A shop with what it keeps to itself. */
export interface Shop extends ShopState {
  id: string
  purchases: Map<PurchaseId, Purchase>
  /** The answers of finished requests, by request id: the same one again costs nothing. */
  served: Map<string, number>
}

/** Opens the books of a new shop. */
export function openBooks(id: string): Shop {
  return {
    id,
    currencies: ['usd'],
    minTopUp: 5000,
    price: 100,
    hidesHeaders: false,
    bank: 'waiting',
    clockAheadMs: null,
    hidesDate: false,
    balances: {},
    charges: [],
    seen: [],
    aborted: 0,
    purchases: new Map(),
    served: new Map(),
  }
}

/** What those whose reply is lost are found to have come to, when they are asked about; nothing is charged. */
const LOST: Readonly<Record<string, ErrorCode>> = {
  pm_lost_declined: 'card_declined',
  pm_lost_check: 'authentication_required',
}

/** What a purchase comes to: a new one by its card, an old one by its state. */
export function settle(
  shop: Shop,
  payment: Payment,
  id: PurchaseId,
): ErrorCode | 'paid' | 'pending' | 'lost' | 'busy' {
  const keptCard = payment.savedCard && payment.clientId === accountOf(shop) && payment.proof && 'pm_good'
  const { paymentMethodId: card = keptCard || '', topUpAmount: units = shop.minTopUp, currency } = payment
  const open = shop.purchases.get(id)
  const credit = (amount: number): 'paid' => {
    shop.purchases.set(id, { state: 'paid', units: amount })
    const key = `${accountOf(shop)} ${currency ?? shop.currencies[0]}`
    shop.balances[key] = (shop.balances[key] ?? 0) + amount
    shop.charges.push({ purchaseId: id, amount })
    return 'paid'
  }
  if (!open) {
    if (!card) return payment.savedCard ? 'payment_failed' : 'insufficient_credits'
    if (units < shop.minTopUp) return 'top_up_below_minimum'
    if (card.startsWith('pm_declined')) return 'card_declined'
    if (card.startsWith('pm_busy')) return 'busy'
    if (card.startsWith('pm_misconfigured')) return 'seller_misconfigured'
    if (card.startsWith('pm_unavailable')) return 'unavailable'
    if (card.startsWith('pm_check')) shop.purchases.set(id, { state: 'checking', units })
    else if (card.startsWith('pm_pending')) shop.purchases.set(id, { state: 'pending', units })
    else if (!LOST[card]) credit(units)
    if (card.startsWith('pm_lost')) {
      shop.purchases.set(id, { state: 'paid', units, lostFor: payment.requestId })
      return 'lost'
    }
    return card.startsWith('pm_check')
      ? 'authentication_required'
      : card.startsWith('pm_pending')
        ? 'pending'
        : 'paid'
  }
  // A browser sends again by itself what had no answer.
  if (open.lostFor !== undefined && open.lostFor === payment.requestId) return 'lost'
  const found = card === 'pm_lost_busy' ? 'busy' : LOST[card]
  if (found) return found
  if (open.state === 'paid') return 'paid'
  if (open.state === 'pending' || shop.bank === 'confirmed') return credit(open.units)
  return shop.bank === 'refused' ? 'card_declined' : 'authentication_required'
}

/** The account of a shop's only customer. */
export function accountOf({ id }: Shop): string & { readonly __brand: 'ClientId' } {
  const clientId = createHash('sha256').update(id).digest('hex')
  if (!isClientId(clientId)) throw new Error('a SHA-256 is a client id')
  return clientId
}
