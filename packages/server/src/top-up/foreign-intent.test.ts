import { STRIPE402_VERSION } from '@stripe402/core'
import { describe, expect, it } from 'vitest'
import { openSeller, requestWith } from '../seller.fixture.js'
import { somePurchaseId } from '../testing/contract/subject.js'

describe('a purchase that the store does not know', () => {
  it('is no reason to cancel a PaymentIntent that another issuer made under its name', async () => {
    const seller = openSeller()
    const purchaseId = somePurchaseId()
    const { id } = await seller.stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      metadata: {
        stripe402Version: String(STRIPE402_VERSION),
        issuer: 'another shop',
        clientId: 'ab'.repeat(32),
        purchaseId,
      },
    })
    const answer = await seller.stripe402.topUp(requestWith({ purchaseId, paymentIntentId: id }))
    expect(JSON.parse(answer.body)).toMatchObject({ errorCode: 'payment_pending' })
    const { status } = await seller.stripe.paymentIntents.retrieve(id)
    expect(status).toBe('requires_payment_method')
    await seller.close()
  })
})
