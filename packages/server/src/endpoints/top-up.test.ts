import { HEADERS, type Payment, readPaymentRequired, readPaymentResponse } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newDevice } from '../proof/device.fixture.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'

type Wish = Omit<Payment, 'stripe402Version'>

const HERE = { method: 'POST', url: '/.well-known/stripe402/top-up' }

let seller: Seller
let owner: Wish

beforeEach(async () => {
  seller = openSeller()
  const card = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }
  const paid = await seller.stripe402.topUp(requestWith(newDevice().sign(card, HERE)))
  const receipt = readPaymentResponse(paid.headers[HEADERS.PAYMENT_RESPONSE])
  if (!receipt.ok) throw new Error(receipt.detail)
  const { clientId, session } = receipt.value
  owner = { clientId, session }
})
afterEach(() => seller.close())

/** Spends as a navigation does: the page that asks to top up hears nothing of it. */
async function spend(price: number): Promise<void> {
  const authorization = await seller.stripe402.authorize(
    { ...requestWith(owner), method: 'GET', url: '/report' },
    seller.stripe402.priceTag({ price }),
  )
  if (authorization.type !== 'granted') throw new Error('refused')
  await authorization.grant.capture()
}

async function balanceTold(wish: Wish): Promise<number | undefined> {
  const { headers } = await seller.stripe402.topUp(requestWith(wish))
  const challenge = readPaymentRequired(headers[HEADERS.PAYMENT_REQUIRED])
  if (!challenge.ok) throw new Error(challenge.detail)
  return challenge.value.accepts[0]?.balance
}

describe('the offer to top up', () => {
  it('tells its client what is left, wherever it was spent', async () => {
    await spend(1000)
    expect(await balanceTold(owner)).toBe(49_000)
  })

  it('tells nobody who has only the name of a client', async () => {
    expect(await balanceTold({ clientId: owner.clientId })).toBeUndefined()
  })
})

describe('a 402 for too little credit', () => {
  it('tells its client what is left', async () => {
    const authorization = await seller.stripe402.authorize(
      { ...requestWith(owner), method: 'GET', url: '/report' },
      seller.stripe402.priceTag({ price: 50_001 }),
    )
    if (authorization.type !== 'refused') throw new Error('not refused')
    expect(JSON.parse(authorization.answer.body).accepts).toMatchObject([{ balance: 50_000 }])
  })
})
