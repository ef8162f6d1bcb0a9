import { type ClientId, HEADERS, serializePayment } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { type Buyer, openTarget, type Target, WORKING } from './card-attack.fixture.js'
import type { ChallengeHook } from './limits.js'
import type { StolenCards } from './stolen-cards.fixture.js'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000

let nowMs: number
let seller: Seller
let stolen: StolenCards
let target: Target

beforeEach(() => {
  nowMs = START
})
afterEach(() => seller.close())

function open(challenge?: ChallengeHook): void {
  const clock = (): number => nowMs
  target = openTarget(new MemoryStore({ clock }), clock, challenge && { challenge })
  ;({ seller, stolen } = target)
}

const statusOf: Target['statusOf'] = (...wish) => target.statusOf(...wish)
const reached = (): number => target.reached()

/** 10,000 cards from 500 addresses in ten minutes, and an honest buyer every 30 seconds. Gives the buyers' statuses. */
async function attack(buyer?: (card: number) => Buyer): Promise<number[]> {
  const tick = (at: number): void => {
    nowMs = START + at * 60
  }
  return (await target.attack(10_000, tick, buyer)).honest
}

describe('an attack of 10,000 cards from 500 addresses in ten minutes', () => {
  it('gets at most 150 of them to Stripe, while 20 honest buyers who solve a captcha succeed', async () => {
    open((request) => request.header('x-captcha') === 'solved')
    const honest = await attack(() => ({ captcha: 'solved' }))
    expect(honest).toEqual(Array(20).fill(200))
    console.log(`with a challenge: ${reached()} cards reached Stripe`)
    expect(reached()).toBeLessThanOrEqual(150)
    expect(
      seller.stripeLocal.state.paymentIntents().filter(({ status }) => status === 'succeeded').length,
    ).toBe(20)
  })

  it('gets at most 150 of them to Stripe where nobody asks strangers for more', async () => {
    open()
    const honest = await attack()
    const passed = honest.filter((status) => status === 200).length
    console.log(`without: ${reached()} cards reached Stripe, ${passed} of 20 strangers passed`)
    expect(reached()).toBeLessThanOrEqual(150)
  })

  it('lets 20 buyers through who have an account already, although nobody asks strangers for more', async () => {
    open()
    const accounts: ClientId[] = []
    for (const name of WORKING) {
      const { account } = await seller.topUp({ paymentMethodId: `pm_card_${name}`, topUpAmount: 50_000 })
      accounts.push(account.clientId)
    }
    const before = reached()
    expect(await attack((card) => ({ clientId: accounts[card] }))).toEqual(Array(20).fill(200))
    expect(reached() - before).toBeLessThanOrEqual(150)
  })
})

describe('the limits of attempts', () => {
  it('open the breaker within 20 declines, and close it when they are over', async () => {
    open(() => false)
    let declined = 0
    for (let at = 0; at < 100; at += 1) {
      nowMs += 100
      if ((await statusOf(await stolen.next(), `10.0.0.${at}`)) === 402) declined += 1
    }
    expect(declined).toBe(20)
    expect(seller.events.filter((event) => event.type === 'limited').at(-1)).toEqual({
      type: 'limited',
      limit: 'breaker',
    })
    nowMs += 5 * MINUTE + 1
    expect(await statusOf('pm_card_visa', '10.0.1.1')).toBe(200)
  })

  it('stop an address after three declines for an hour, and say when to come back', async () => {
    open()
    for (let at = 0; at < 3; at += 1) expect(await statusOf(await stolen.next(), '10.0.0.1')).toBe(402)
    expect(await statusOf('pm_card_visa', '10.0.0.1')).toBe(429)
    expect(await statusOf('pm_card_visa', '10.0.0.2')).toBe(200)
    nowMs += 60 * MINUTE + 1
    expect(await statusOf('pm_card_visa', '10.0.0.1')).toBe(200)
  })

  it('take an IPv6 network of 64 bits for one address', async () => {
    open()
    for (let at = 0; at < 3; at += 1)
      expect(await statusOf(await stolen.next(), `2001:db8:0:7::${at}`)).toBe(402)
    expect(await statusOf('pm_card_visa', '2001:db8:0:7:ffff::1')).toBe(429)
    expect(await statusOf('pm_card_visa', '2001:db8:0:8::1')).toBe(200)
  })

  it('let an IPv6 network of 48 bits do as much as four addresses', async () => {
    open()
    const statuses: number[] = []
    for (let at = 0; at < 24; at += 1) {
      nowMs += 1000
      const purchaseId = somePurchaseId()
      const card = `pm_card_${WORKING[at % WORKING.length]}`
      statuses.push(await statusOf(card, `2001:db8:5:${at}::1`, { purchaseId }))
    }
    expect(statuses).toEqual([...Array(20).fill(200), ...Array(4).fill(429)])
    expect(await statusOf('pm_card_unionpay', '2001:db8:6::1')).toBe(200)
  })

  it('let an address try three cards an hour', async () => {
    open()
    for (const name of ['visa', 'mastercard', 'amex'])
      expect(await statusOf(`pm_card_${name}`, '10.0.0.1')).toBe(200)
    expect(await statusOf('pm_card_jcb', '10.0.0.1')).toBe(429)
    expect(await statusOf('pm_card_visa', '10.0.0.1')).toBe(200)
  })

  it('let one card be declined three times a day, from wherever', async () => {
    open()
    const card = 'pm_card_chargeDeclinedInsufficientFunds'
    for (let at = 0; at < 3; at += 1) expect(await statusOf(card, `10.0.0.${at}`)).toBe(402)
    expect(await statusOf(card, '10.0.0.9')).toBe(429)
    nowMs += 24 * 60 * MINUTE + 1
    expect(await statusOf(card, '10.0.0.9')).toBe(402)
  })

  it('let an account be topped up three times in ten minutes', async () => {
    open()
    for (let at = 0; at < 3; at += 1) expect(await statusOf('pm_card_visa', `10.0.0.${at}`)).toBe(200)
    expect(await statusOf('pm_card_visa', '10.0.0.9')).toBe(429)
  })

  it('count each attempt without the name of a purchase', async () => {
    open()
    const card = await stolen.next()
    const statuses: number[] = []
    for (let at = 0; at < 6; at += 1)
      statuses.push(await statusOf(card, '10.0.0.1', { purchaseId: undefined }))
    expect(statuses).toEqual([402, 402, 402, 429, 429, 429])
  })

  it('let a purchase be repeated 30 times in ten minutes, and do not say then that nothing was charged', async () => {
    open()
    const purchaseId = somePurchaseId()
    const statuses: number[] = []
    for (let at = 0; at < 40; at += 1)
      statuses.push(await statusOf('pm_card_visa', '10.0.0.1', { purchaseId }))
    expect(statuses).toEqual([...Array(30).fill(200), ...Array(10).fill(409)])
    expect(reached()).toBe(30)
  })

  it('count a retry of the same purchase once', async () => {
    open()
    const purchaseId = somePurchaseId()
    for (let at = 0; at < 12; at += 1)
      expect(await statusOf('pm_card_visa', '10.0.0.1', { purchaseId })).toBe(200)
    expect(seller.stripeLocal.state.charges().length).toBe(1)
  })

  it('let 15 attempts a second pass in all', async () => {
    open()
    const statuses: number[] = []
    for (let at = 0; at < 24; at += 1)
      statuses.push(await statusOf(`pm_card_${WORKING[at % WORKING.length]}`, `10.0.0.${at}`))
    expect(statuses.filter((status) => status === 200).length).toBe(15)
    nowMs += 1001
    expect(await statusOf('pm_card_unionpay', '10.0.1.1')).toBe(200)
  })

  it('are off where the seller limits elsewhere', async () => {
    open()
    await seller.close()
    const { stripeLocal, stripe } = seller
    seller = openSeller({ stripeLocal, stripe, limits: false })
    for (let at = 0; at < 9; at += 1) {
      const wish = { paymentMethodId: await stolen.next(), topUpAmount: 50_000, purchaseId: somePurchaseId() }
      const request = { ...requestWith(wish), address: () => '10.0.0.1' }
      expect((await seller.stripe402.topUp(request)).status).toBe(402)
    }
  })

  it('leave alone who tries things out on the same machine with test keys', async () => {
    open()
    for (let at = 0; at < 9; at += 1) expect(await statusOf(await stolen.next(), '127.0.0.1')).toBe(402)
  })

  it('never meet a request that merely spends', async () => {
    open()
    const tag = seller.stripe402.priceTag({ price: 100 })
    const { account } = await seller.topUp()
    const header = serializePayment({ clientId: account.clientId })
    for (let at = 0; at < 50; at += 1) {
      const outcome = await seller.stripe402.authorize(
        {
          method: 'GET',
          url: '/api/joke',
          header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
          address: () => '10.0.0.1',
        },
        tag,
      )
      expect(outcome.type).toBe('granted')
    }
  })
})
