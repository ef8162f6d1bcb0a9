import { HEADERS, type Payment, type PurchaseId, serializePayment } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PaidRequest } from '../paid-request.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { openTarget, type Target } from './card-attack.fixture.js'

const ATTACKER = '203.0.113.7'

let nowMs: number
let target: Target

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  target = openTarget(new MemoryStore({ clock }), clock)
})
afterEach(() => target.seller.close())

function requestOf(wish: Omit<Payment, 'stripe402Version'>, address: string): PaidRequest {
  const payment = serializePayment(wish)
  return {
    method: 'POST',
    url: '/.well-known/stripe402/top-up',
    header: (name) => (name === HEADERS.PAYMENT ? payment : undefined),
    address: () => address,
  }
}

type Look = (address: string) => Promise<number>

const wishOf = (paymentIntentId: string): { purchaseId: PurchaseId; paymentIntentId: string } => ({
  purchaseId: somePurchaseId(),
  paymentIntentId,
})
const lookForPayment: Look = async (address) =>
  (await target.seller.stripe402.topUp(requestOf(wishOf('pi_3Nabcdefghijklmnopqrstuv'), address))).status
const lookForCheck: Look = async (address) => {
  const { stripe402 } = target.seller
  const request = requestOf(wishOf('seti_1Nabcdefghijklmnopqrstuv'), address)
  const answer = await stripe402.authorize(request, stripe402.priceTag({ price: 100 }))
  return answer.type === 'refused' ? answer.answer.status : 200
}

const limited = (): string[] =>
  target.seller.events.flatMap((event) => (event.type === 'limited' ? [event.limit] : []))

describe('an address that has used up what it may do', () => {
  it.each([
    ['a payment', lookForPayment],
    ['a bank check', lookForCheck],
  ])('uses up none of the looks for %s that all share', async (_what, look) => {
    for (let at = 0; at < 60; at += 1) {
      nowMs += 250
      await look(ATTACKER)
    }
    expect(limited()).toEqual(Array.from({ length: 30 }, () => 'lookupsPerAddress'))
    const refused = limited().length
    for (let at = 0; at < 50; at += 1) await look(ATTACKER)
    await look('198.51.100.1')
    expect(limited().slice(refused)).toEqual(Array.from({ length: 50 }, () => 'lookupsPerAddress'))
  })

  it('uses up none of the attempts of the network around it', async () => {
    const statuses: number[] = []
    for (let at = 0; at < 20; at += 1) {
      nowMs += 1000
      statuses.push(await target.statusOf('pm_card_visa', '2001:db8:9:1::1'))
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(14)
    expect(await target.statusOf('pm_card_mastercard', '2001:db8:9:2::1')).toBe(200)
  })

  it('uses up none of the attempts of a card that it merely knows', async () => {
    for (const card of ['mastercard', 'amex', 'jcb']) {
      nowMs += 1000
      expect(await target.statusOf(`pm_card_${card}`, ATTACKER)).toBe(200)
    }
    nowMs += 601_000
    for (let at = 0; at < 4; at += 1) {
      nowMs += 1000
      expect(await target.statusOf('pm_card_visa', ATTACKER)).toBe(429)
    }
    expect(await target.statusOf('pm_card_visa', '198.51.100.1')).toBe(200)
  })
})
