import { isPurchaseId, type PurchaseId } from '@stripe402/core'
import { describe, expect, it } from 'vitest'
import { openSeller, requestWith } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import type { JudgedPurchase, Purchase, PurchaseFailure, PurchaseReference } from '../store.js'

/** A store in which "it failed" arrives only after the PaymentIntent of the same attempt was saved. */
class SlowToFail extends MemoryStore {
  #saved: (() => void) | undefined
  readonly #isSaved = new Promise<void>((resolve) => {
    this.#saved = resolve
  })

  override async saveIntent(purchase: PurchaseReference, paymentIntentId: string): Promise<Purchase> {
    const saved = await super.saveIntent(purchase, paymentIntentId)
    this.#saved?.()
    return saved
  }

  override async failTopUp(purchase: JudgedPurchase, failure: PurchaseFailure): Promise<Purchase> {
    await this.#isSaved
    return super.failTopUp(purchase, failure)
  }
}

function purchaseId(digit: string): PurchaseId {
  const id = `00000000-0000-4000-8000-${digit.repeat(12)}`
  if (!isPurchaseId(id)) throw new TypeError(id)
  return id
}

describe('a request that takes over a purchase while Stripe is slow', () => {
  it('does not pay beside it: what was judged before its PaymentIntent was known no longer counts', async () => {
    const seller = openSeller({ store: new SlowToFail(), takeOverMs: 1, waitMs: 200 })
    const { stripe402, stripeLocal } = seller
    stripeLocal.faults.add({ method: 'POST', path: '/v1/payment_intents', kind: 'delay', delayMs: 150 })
    const tag = stripe402.priceTag({ price: 500 })
    const buy = (digit: string) =>
      stripe402.authorize(
        requestWith({
          paymentMethodId: 'pm_card_visa',
          topUpAmount: 50_000,
          purchaseId: purchaseId(digit),
        }),
        tag,
      )
    const [first, second] = await Promise.all([buy('1'), buy('2')])
    expect(first.type).toBe('granted')
    expect(second.type === 'refused' ? second.answer.status : 200).not.toBe(402)
    expect(stripeLocal.state.charges().filter(({ status }) => status === 'succeeded')).toHaveLength(1)
    await seller.close()
  })
})
