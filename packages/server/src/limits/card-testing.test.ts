import { type ClientId, HEADERS, type PurchaseId, serializePayment } from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PaidRequest } from '../paid-request.js'
import { openSeller, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import type { ChallengeHook } from './limits.js'
import { type StolenCards, stolenCards } from './stolen-cards.fixture.js'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
/** Cards that work; the honest share them, as no address shares anything with another. */
const WORKING = ['visa', 'visa_debit', 'mastercard', 'amex', 'discover', 'diners', 'jcb', 'unionpay']

let nowMs: number
let seller: Seller
let stolen: StolenCards

beforeEach(() => {
  nowMs = START
})
afterEach(() => seller.close())

function open(challenge?: ChallengeHook): void {
  const clock = (): number => nowMs
  const stripeLocal = createStripeLocal({ clock })
  stolen = stolenCards(stripeLocal)
  seller = openSeller({
    stripeLocal,
    stripe: stolen.stripe,
    store: new MemoryStore({ clock }),
    runtime: { now: clock, sleep: async () => {} },
    ...(challenge && { challenge }),
  })
}

/** What an honest buyer shows beside a card. */
interface Buyer {
  captcha?: string
  clientId?: ClientId | undefined
}

async function statusOf(
  paymentMethodId: string,
  address: string,
  { captcha, clientId, ...rest }: Buyer & { purchaseId?: PurchaseId | undefined } = {},
): Promise<number> {
  const { purchaseId } = { purchaseId: somePurchaseId(), ...rest }
  const payment = serializePayment({ paymentMethodId, topUpAmount: 50_000, purchaseId, clientId })
  const request: PaidRequest = {
    method: 'POST',
    url: '/.well-known/stripe402/top-up',
    header: (name) => (name === HEADERS.PAYMENT ? payment : name === 'x-captcha' ? captcha : undefined),
    address: () => address,
  }
  return (await seller.stripe402.topUp(request)).status
}

/** How many cards our server asked Stripe about; the carders' own calls use the publishable key. */
function reached(): number {
  const { log } = seller.stripeLocal
  return log.find({ method: 'GET', path: '/v1/payment_methods/:id' }).length
}

/** 10,000 cards from 500 addresses in ten minutes, and an honest buyer every 30 seconds. Gives the buyers' statuses. */
async function attack(buyer: (card: number) => Buyer = () => ({})): Promise<number[]> {
  const honest: number[] = []
  // A card that was stopped before Stripe saw it is as good as another one, and there are 10,000 to make.
  let card = await stolen.next()
  for (let at = 0; at < 10_000; at += 1) {
    nowMs = START + at * 60
    const address = `10.9.${at % 2}.${Math.floor(at / 2) % 250}`
    if ((await statusOf(card, address)) !== 429) card = await stolen.next()
    if (at % 500 === 499) {
      const card = honest.length % WORKING.length
      const address = `2001:db8:${honest.length}::1`
      honest.push(await statusOf(`pm_card_${WORKING[card]}`, address, buyer(card)))
    }
  }
  return honest
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
    for (let at = 0; at < 9; at += 1) expect(await statusOf(await stolen.next(), '10.0.0.1')).toBe(402)
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
