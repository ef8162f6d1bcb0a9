import type { Payment } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { somePurchaseId } from '../testing/contract/subject.js'

const CREATE = { method: 'POST', path: '/v1/payment_intents' } as const

let seller: Seller
beforeEach(() => {
  seller = openSeller()
})
afterEach(() => seller.close())

async function answerTo(
  { stripe402 }: Pick<Seller, 'stripe402'>,
  wish: Omit<Payment, 'stripe402Version'>,
): Promise<{ errorCode?: string; nextAction?: { paymentIntentId: string } }> {
  return JSON.parse((await stripe402.topUp(requestWith(wish))).body)
}

async function statuses(): Promise<string[]> {
  const { data } = await seller.stripe.paymentIntents.list()
  return data.map(({ status }) => status)
}

describe('a purchase that is called failed', () => {
  it('has no PaymentIntent left that could still be paid, although the store has never heard its id', async () => {
    const purchaseId = somePurchaseId()
    seller.stripeLocal.faults.add({ ...CREATE, kind: 'cut', times: 'always' })
    await answerTo(seller, { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, purchaseId })
    expect(await statuses()).toEqual(['requires_payment_method'])
    expect(await answerTo(seller, { purchaseId })).toMatchObject({ errorCode: 'payment_failed' })
    expect(await statuses()).toEqual(['canceled'])
  })

  it('has none either where the store has forgotten the purchase', async () => {
    const purchaseId = somePurchaseId()
    const card = { paymentMethodId: 'pm_card_threeDSecure2Required', topUpAmount: 50_000 }
    const { nextAction } = await answerTo(seller, { ...card, purchaseId })
    expect(await statuses()).toEqual(['requires_action'])
    const { stripeLocal } = seller
    const other = openSeller({ stripeLocal })
    const paymentIntentId = nextAction?.paymentIntentId
    expect(await answerTo(other, { purchaseId, paymentIntentId })).toMatchObject({
      errorCode: 'payment_failed',
    })
    expect(await statuses()).toEqual(['canceled'])
    await other.stripe402.close()
  })
})
