import type { Payment, PurchaseId } from '@stripe402/core'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { somePurchaseId } from '../testing/contract/subject.js'

let seller: Seller
let purchaseId: PurchaseId

beforeEach(() => {
  purchaseId = somePurchaseId()
  seller = openSeller()
})
afterEach(() => seller.close())

function buy(wish: Partial<Payment>): Promise<Answer> {
  const payment = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, ...wish }
  return seller.stripe402.topUp({ ...requestWith(payment), address: () => '203.0.113.7' })
}

/** Stripe charges the card, and its answer is lost on the way. */
async function buyWithoutAnAnswer(): Promise<Answer> {
  const { paymentIntents } = seller.stripe
  const confirm = paymentIntents.confirm.bind(paymentIntents)
  const lost = vi.spyOn(paymentIntents, 'confirm').mockImplementation(async (...args) => {
    await confirm(...args)
    throw new Stripe.errors.StripeConnectionError({ message: 'lost', type: 'api_error' })
  })
  try {
    return await buy({ purchaseId })
  } finally {
    lost.mockRestore()
  }
}

/** So many that whoever shares the address is shut out. */
async function declineOthers(): Promise<void> {
  for (let count = 0; count < 3; count += 1)
    await buy({ paymentMethodId: 'pm_card_chargeDeclined', purchaseId: somePurchaseId() })
}

describe('a purchase that is repeated from an address that is shut out', () => {
  it('is not told that nothing was charged, when its card may have been', async () => {
    expect((await buyWithoutAnAnswer()).status).toBe(409)
    await declineOthers()
    const answer = await buy({ purchaseId })
    expect(answer.status).toBe(409)
    expect(answer.body).toContain('payment_pending')
    expect(answer.body).not.toMatch(/nothing was charged/i)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(2)
  })

  it('is told so when nobody has begun it', async () => {
    await declineOthers()
    const answer = await buy({ purchaseId })
    expect(answer.status).toBe(429)
    expect(answer.body).toMatch(/nothing was charged/i)
  })
})
