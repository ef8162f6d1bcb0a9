import { isPurchaseId } from '@stripe402/core'
import { describe, expect, it } from 'vitest'
import { openSeller, requestWith, SECRET } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'

const PURCHASE = '00000000-0000-4000-8000-000000000001'

/** A card is about to pay when the answer to the creation of its PaymentIntent is lost, and the server is set up anew. */
async function retryAfter(before: Partial<Stripe402Options>, after: Partial<Stripe402Options>) {
  if (!isPurchaseId(PURCHASE)) throw new TypeError(PURCHASE)
  const wish = requestWith({
    paymentMethodId: 'pm_card_visa',
    topUpAmount: 50_000,
    purchaseId: PURCHASE,
  })
  const first = openSeller(before)
  const { stripeLocal, store } = first
  const path = '/v1/payment_intents'
  stripeLocal.faults.add({
    method: 'POST',
    path,
    kind: 'status',
    status: 503,
    when: 'after',
    kept: false,
    times: 2,
  })
  const lost = await first.stripe402.topUp(wish)
  await first.stripe402.close()
  const second = openSeller({ ...after, stripeLocal, store })
  const retried = await second.stripe402.topUp(wish)
  const [intent] = stripeLocal.state.paymentIntents()
  await second.close()
  return { lost, retried, intent }
}

describe('a purchase whose PaymentIntent was made before the server was set up anew', () => {
  it('is paid under another name of the payee, and says the one that it was prepared under', async () => {
    const { lost, retried, intent } = await retryAfter(
      { payee: { name: 'Weather Ltd' } },
      { payee: { name: 'Weather and Climate Ltd' } },
    )
    expect(lost.status).toBe(503)
    expect(retried.status).toBe(200)
    expect(intent).toMatchObject({ status: 'succeeded', description: 'Credit at Weather Ltd' })
  })

  it('is paid under another secret', async () => {
    const { lost, retried, intent } = await retryAfter(
      {},
      { secret: ['another secret of the seller in 32 bytes', SECRET] },
    )
    expect(lost.status).toBe(503)
    expect(retried.status).toBe(200)
    expect(intent?.status).toBe('succeeded')
  })
})
