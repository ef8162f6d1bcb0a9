import { HEADERS, type NextAction, type Payment, type PurchaseId, readPaymentRequired } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'

/** Its bank checks the person where the seller asks for it, and otherwise not. */
const CARD = 'pm_card_threeDSecureOptional'
/** It has no such bank. */
const PLAIN = 'pm_card_visa'
const FIVE_MINUTES = 300_000

let nowMs: number
let seller: Seller
let purchaseId: PurchaseId

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  purchaseId = somePurchaseId()
  seller = openSeller({
    store: new MemoryStore({ clock }),
    runtime: { now: clock, sleep: async () => {} },
    challenge: () => 'bank-check',
  })
  await seller.stripe402.start()
  const declines = Array.from({ length: 20 }, (_, at) => `declined ${at}`)
  await seller.store.mark(
    declines.map((member) => ({ name: 'declined', member, windowMs: FIVE_MINUTES, most: 10_000 })),
  )
})
afterEach(() => seller.close())

function send(wish: Omit<Payment, 'stripe402Version'>): Promise<Answer> {
  return seller.stripe402.topUp({ ...requestWith({ purchaseId, ...wish }), address: () => '192.0.2.1' })
}

function buy(paymentMethodId: string): Promise<Answer> {
  return send({ paymentMethodId, topUpAmount: 50_000 })
}

function nextActionOf({ headers, body }: Answer): NextAction {
  const challenge = readPaymentRequired(headers[HEADERS.PAYMENT_REQUIRED])
  if (!challenge.ok || !challenge.value.nextAction) throw new Error(body)
  return challenge.value.nextAction
}

function asked(): (string | null | undefined)[] {
  return seller.stripeLocal.state
    .paymentIntents()
    .map((intent) => intent.payment_method_options?.card?.request_three_d_secure)
}

describe("a challenge that is answered with 'bank-check'", () => {
  it('has the bank check a person whom it would have let pass, and then takes the payment', async () => {
    const next = nextActionOf(await buy(CARD))
    expect(asked()).toEqual(['any'])
    seller.stripeLocal.authenticate(next.paymentIntentId, 'approve')
    expect((await send({ paymentIntentId: next.paymentIntentId })).status).toBe(200)
  })

  it('lets a card pass whose bank checks nobody', async () => {
    expect((await buy(PLAIN)).status).toBe(200)
    expect(asked()).toEqual(['any'])
  })

  it('stands for the whole purchase, also for a retry when no cards are tested any more', async () => {
    const path = '/v1/payment_intents'
    seller.stripeLocal.faults.add({ method: 'POST', path, kind: 'status', status: 401, times: 1 })
    expect((await buy(CARD)).status).toBe(503)
    expect(asked()).toEqual([])
    nowMs += FIVE_MINUTES + 1
    const next = nextActionOf(await buy(CARD))
    expect(asked()).toEqual(['any'])
    expect(nextActionOf(await buy(CARD))).toEqual(next)
    expect(nextActionOf(await send({})).paymentIntentId).toBe(next.paymentIntentId)
  })

  it('is not asked for where no cards are tested', async () => {
    nowMs += FIVE_MINUTES + 1
    expect((await buy(CARD)).status).toBe(200)
    expect(asked()).toEqual(['automatic'])
  })
})
