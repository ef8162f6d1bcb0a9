import { HEADERS, type Payment, type PurchaseId, serializePayment } from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PaidRequest } from '../paid-request.js'
import { type Device, newDevice } from '../proof/device.fixture.js'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { attemptOf } from './attempt.js'
import { isBreakerOpen, outcomeMark } from './breaker.js'
import { type StolenCards, stolenCards } from './stolen-cards.fixture.js'

const TOP_UP = '/.well-known/stripe402/top-up'
const SOME_INTENT = 'pi_3Nabcdefghijklmnopqrstuv'

let nowMs: number
let seller: Seller
let stolen: StolenCards

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  const stripeLocal = createStripeLocal({ clock })
  stolen = stolenCards(stripeLocal)
  seller = openSeller({
    stripeLocal,
    stripe: stolen.stripe,
    store: new MemoryStore({ clock }),
    runtime: { now: clock, sleep: async () => {} },
    challenge: (request) => request.header('x-captcha') === 'solved',
  })
})
afterEach(() => seller.close())

type Wish = Omit<Payment, 'stripe402Version'>

function requestOf(wish: Wish, address: string, captcha?: string): PaidRequest {
  const header = serializePayment(wish)
  return {
    method: 'POST',
    url: TOP_UP,
    header: (name) => (name === HEADERS.PAYMENT ? header : name === 'x-captcha' ? captcha : undefined),
    address: () => address,
  }
}

function send(wish: Wish, address: string, captcha?: string): Promise<Answer> {
  return seller.stripe402.topUp(requestOf(wish, address, captcha))
}

function buy(
  paymentMethodId: string,
  address: string,
  { captcha, ...rest }: Wish & { captcha?: string } = {},
  device?: Device,
): Promise<Answer> {
  const wish = { paymentMethodId, topUpAmount: 50_000, purchaseId: somePurchaseId(), ...rest }
  return send(device?.sign(wish, { method: 'POST', url: TOP_UP }) ?? wish, address, captcha)
}

function looks(): number {
  return seller.stripeLocal.log.find({ method: 'GET', path: '/v1/payment_intents/:id' }).length
}

async function openBreaker(): Promise<void> {
  for (let at = 0; at < 20; at += 1) {
    nowMs += 1000
    await buy(await stolen.next(), `10.2.0.${at}`)
  }
}

describe('the breaker', () => {
  it('is not kept shut by a purchase that was paid before', async () => {
    const paid = somePurchaseId()
    expect((await buy('pm_card_visa', '10.0.0.1', { purchaseId: paid })).status).toBe(200)
    let declined = 0
    for (let at = 0; at < 60; at += 1) {
      nowMs += 1000
      const card = await stolen.next()
      await buy(card, `10.1.0.${at}`, { purchaseId: paid })
      if ((await buy(card, `10.1.0.${at}`)).status === 402) declined += 1
    }
    expect(declined).toBeLessThanOrEqual(20)
  })

  it('is not kept shut by many purchases that were paid some time ago', async () => {
    const paid: { card: string; purchaseId: PurchaseId }[] = []
    for (let at = 0; at < 24; at += 1) {
      nowMs += 1000
      const card = `pm_card_${['visa', 'mastercard', 'amex', 'discover', 'diners', 'jcb', 'unionpay', 'visa_debit'][at % 8]}`
      const purchaseId = somePurchaseId()
      expect((await buy(card, `10.0.0.${at}`, { purchaseId })).status).toBe(200)
      paid.push({ card, purchaseId })
    }
    nowMs += 700_000
    let declined = 0
    for (let at = 0; at < 60; at += 1) {
      nowMs += 1000
      const { card = '', purchaseId } = paid[at % paid.length] ?? {}
      await buy(card, `10.1.0.${at}`, { purchaseId })
      if ((await buy(await stolen.next(), `10.1.0.${at}`)).status === 402) declined += 1
    }
    expect(declined).toBeLessThanOrEqual(20)
  })

  it.each([
    [1500, 1200, false],
    [1200, 1500, true],
    [10_000, 10_000, true],
  ])('with %d charged and %d declined is open: %s', async (charged, declined, isOpen) => {
    const attempt = attemptOf(seller.stripe402.settings, requestOf({}, '10.0.0.1'), {
      stripe402Version: 1,
    })
    if (!attempt) throw new Error('an address from elsewhere is limited')
    const count = async (outcome: 'charged' | 'declined', times: number): Promise<void> => {
      const marks = Array.from({ length: times }, (_, at) =>
        outcomeMark(attempt, outcome, { member: `${at}` }),
      )
      await seller.store.mark(marks)
    }
    await count('charged', charged)
    await count('declined', declined)
    const asked = { isOnlyAsked: true }
    const results = await seller.store.mark([
      outcomeMark(attempt, 'charged', asked),
      outcomeMark(attempt, 'declined', asked),
    ])
    expect(isBreakerOpen(attempt, results[0], results[1])).toBe(isOpen)
  })

  it('lets nobody use up what an account may do by naming it', async () => {
    const { account } = await seller.topUp()
    await openBreaker()
    for (let at = 0; at < 6; at += 1)
      await buy(`pm_nonsense${at}`, `10.3.0.${at}`, { clientId: account.clientId })
    expect((await buy('pm_card_visa', '10.4.0.1', { captcha: 'solved' })).status).toBe(200)
  })

  it('knows the holder of a session when its account has been named by others', async () => {
    const bought = await buy(
      'pm_card_visa',
      '10.0.0.1',
      {},
      newDevice(() => nowMs),
    )
    const { clientId, session } = JSON.parse(bought.body)
    await openBreaker()
    for (let at = 0; at < 6; at += 1) await buy(`pm_nonsense${at}`, `10.3.0.${at}`, { clientId })
    expect((await buy('pm_card_visa', '10.4.0.1', { session })).status).toBe(200)
  })
})

describe('the declines of a card', () => {
  const card = 'pm_card_visa'

  it('shut out whoever has its number, and not its holder, whose key is bound', async () => {
    const device = newDevice(() => nowMs)
    const { clientId } = JSON.parse((await buy(card, '10.0.0.1', {}, device)).body)
    nowMs += 600_001
    const marks = [1, 2, 3].map((at) => ({
      name: `declinesPerCard:${clientId}`,
      member: `thief ${at}`,
      windowMs: 86_400_000,
      most: 3,
    }))
    await seller.store.mark(marks)
    expect((await buy(card, '10.0.0.2')).status).toBe(429)
    const stranger = newDevice(() => nowMs)
    expect((await buy(card, '10.0.0.3', {}, stranger)).status).toBe(429)
    expect((await buy(card, '10.0.0.4', {}, device)).status).toBe(200)
  })

  it('are asked about together with the other limits of the card, and attempts of strangers are none of its holder', async () => {
    const device = newDevice(() => nowMs)
    await buy(card, '10.0.0.1', {}, device)
    for (let at = 2; at < 6; at += 1) await buy(card, `10.0.0.${at}`)
    expect((await buy(card, '10.0.0.6')).status).toBe(429)
    const counting = { calls: 0 }
    const mark = seller.store.mark.bind(seller.store)
    seller.store.mark = (marks) => {
      if (marks.some(({ name }) => /^(attemptsPerAccount|declinesPerCard)/.test(name))) counting.calls += 1
      return mark(marks)
    }
    expect((await buy(card, '10.0.0.7', {}, device)).status).toBe(200)
    expect(counting.calls).toBe(1)
    expect((await buy(card, '10.0.0.8')).status).toBe(429)
    expect(counting.calls).toBe(2)
  })
})

describe('questions about purchases', () => {
  function ask(address: string, purchaseId: PurchaseId = somePurchaseId()): Promise<Answer> {
    return send({ purchaseId, paymentIntentId: SOME_INTENT }, address)
  }

  it('that the store does not know reach Stripe 30 times in ten minutes from an address', async () => {
    const statuses: number[] = []
    for (let at = 0; at < 100; at += 1) {
      nowMs += 1000
      statuses.push((await ask('10.0.0.1')).status)
    }
    expect(looks()).toBe(30)
    expect(new Set(statuses.slice(30))).toEqual(new Set([409]))
    nowMs += 600_000
    expect((await ask('10.0.0.1')).status).toBe(402)
  })

  it('that the store does not know reach Stripe five times a second in all, from wherever, by every door', async () => {
    const tag = seller.stripe402.priceTag({ price: 100 })
    for (let at = 0; at < 50; at += 1) {
      const wish = { purchaseId: somePurchaseId(), paymentIntentId: SOME_INTENT }
      const request = { ...requestWith(wish), address: () => `10.0.1.${at}` }
      await (at % 2 === 0 ? seller.stripe402.topUp(request) : seller.stripe402.authorize(request, tag))
    }
    expect(looks()).toBe(5)
    expect(seller.events.at(-1)).toEqual({ type: 'limited', limit: 'lookupsInAll' })
  })

  it('that waits for a bank check go on for ten minutes, and end when the person has confirmed', async () => {
    const purchaseId = somePurchaseId()
    const asked = await buy('pm_card_threeDSecure2Required', '10.0.0.1', { purchaseId })
    const { paymentIntentId } = JSON.parse(asked.body).nextAction
    for (let at = 0; at < 200; at += 1) {
      nowMs += 2900
      expect((await send({ purchaseId, paymentIntentId }, '10.0.0.1')).status).toBe(402)
    }
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    expect((await send({ purchaseId, paymentIntentId }, '10.0.0.1')).status).toBe(200)
  })

  it('that waits for a bank check reach Stripe 600 times in ten minutes from an address, and its buyer all the same', async () => {
    const purchaseId = somePurchaseId()
    const asked = await buy('pm_card_threeDSecure2Required', '10.0.0.1', { purchaseId })
    const { paymentIntentId } = JSON.parse(asked.body).nextAction
    const before = looks()
    for (let at = 0; at < 700; at += 1) await send({ purchaseId }, '10.0.0.9')
    expect(looks() - before).toBe(600)
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    expect((await send({ purchaseId }, '10.0.0.1')).status).toBe(200)
  })

  it('that is paid are never limited, for they ask Stripe nothing', async () => {
    const purchaseId = somePurchaseId()
    await buy('pm_card_visa', '10.0.0.1', { purchaseId })
    const before = looks()
    for (let at = 0; at < 100; at += 1) expect((await send({ purchaseId }, '10.0.0.1')).status).toBe(200)
    expect(looks()).toBe(before)
  })
})
