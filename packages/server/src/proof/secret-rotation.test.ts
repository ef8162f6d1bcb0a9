import {
  type ClientId,
  HEADERS,
  type Payment,
  readPaymentRequired,
  readPaymentResponse,
} from '@stripe402/core'
import { Redis } from 'ioredis'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../scripts/local-servers.js'
import { createStripe402, type Stripe402 } from '../create-stripe402.js'
import { openSeller, requestWith, SECRET, type Seller } from '../seller.fixture.js'
import { RedisStore } from '../store/index.js'
import { somePurchaseId } from '../testing/contract/subject.js'
import { newDevice } from './device.fixture.js'

type Wish = Omit<Payment, 'stripe402Version'>

const NEW = 'the next secret of a seller, 32 bytes too'
const PRICE = 100
const PER_CARD = 20
const HERE = { method: 'POST', url: '/.well-known/stripe402/top-up' }
/** Of each person, one after the other. Every second person has a key. */
const CARDS = [
  ['4242424242424242', '378282246310005', '6200000000000005'],
  ['5555555555554444', '6011111111111117', '3566002020360505'],
  ['4000056655665556', '3056930009020004'],
]

let server: LocalServer
let redis: Redis
let seller: Seller
let cards: Stripe
let engines: Stripe402[]
let requests: number
let bought: number
let spent: number
/** The accounts that each card was seen to have. */
let seen: Map<string, Set<ClientId>>

beforeAll(async () => {
  server = await startRedis({ settings: { appendfsync: 'everysec' } })
  redis = new Redis(server.url)
}, 60_000)
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

beforeEach(async () => {
  requests = bought = spent = 0
  seen = new Map()
  seller = openSeller({ store: new RedisStore(redis) })
  const { keys, httpClient } = seller.stripeLocal
  cards = new Stripe(keys.publishableKey, { httpClient })
  const known = [SECRET, [SECRET, NEW], [NEW, SECRET]]
  engines = known.map((secret) =>
    createStripe402({
      stripe: seller.stripe,
      publishableKey: keys.publishableKey,
      secret,
      store: seller.store,
      sweepEveryMs: 0,
      logger: { warn() {}, error() {} },
    }),
  )
})
afterEach(async () => {
  for (const engine of engines) await engine.close()
  await seller.close()
})

/** Of two servers, one after the other is started again with the next secrets. */
const ROLLS = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 2],
  [2, 2],
]

/** The server that the next request meets. */
function next(): Stripe402 {
  const share = requests / (CARDS.flat().length * PER_CARD)
  const pair = ROLLS[Math.min(Math.floor(share * ROLLS.length), ROLLS.length - 1)]
  const engine = engines[pair?.[requests % 2] ?? -1]
  if (!engine) throw new Error('no server')
  requests += 1
  return engine
}

function note(card: string, what: 'bought' | 'spent', { clientId }: Served): void {
  seen.set(card, (seen.get(card) ?? new Set()).add(clientId))
  if (what === 'bought') bought += 1
  else spent += 1
}

async function cardOf(number: string): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2034, cvc: '123' }
  return (await cards.paymentMethods.create({ type: 'card', card })).id
}

interface Served {
  clientId: ClientId
  session: string | undefined
}

/** Buys with a card, whatever the balance is. */
async function buy(engine: Stripe402, wish: Wish): Promise<Served> {
  const answer = await engine.topUp(
    requestWith({ topUpAmount: 50_000, purchaseId: somePurchaseId(), ...wish }),
  )
  const receipt = readPaymentResponse(answer.headers[HEADERS.PAYMENT_RESPONSE])
  if (!receipt.ok) throw new Error(answer.body)
  return { clientId: receipt.value.clientId, session: receipt.value.session }
}

async function spend(engine: Stripe402, wish: Wish): Promise<Served> {
  const authorization = await engine.authorize(requestWith(wish), engine.priceTag({ price: PRICE }))
  if (authorization.type !== 'granted')
    throw new Error(authorization.type === 'refused' ? authorization.answer.body : 'free')
  const receipt = readPaymentResponse(authorization.grant.receipt())
  await authorization.grant.capture()
  if (!receipt.ok) throw new Error(receipt.detail)
  return { clientId: receipt.value.clientId, session: receipt.value.session }
}

/** Holds the name of an account, spends, and enters its card again now and then. */
async function useName(card: string): Promise<void> {
  for (let at = 0; at < PER_CARD; at += 1) {
    if (at % 8 === 0) note(card, 'bought', await buy(next(), { paymentMethodId: await cardOf(card) }))
    else note(card, 'spent', await spend(next(), { clientId: [...(seen.get(card) ?? [])][0] }))
  }
}

/** Holds a key, and a session that it renews now and then. */
async function useKey(card: string): Promise<void> {
  const device = newDevice()
  let { clientId, session } = await buy(next(), device.sign({ paymentMethodId: await cardOf(card) }, HERE))
  bought += 1
  for (let at = 1; at < PER_CARD; at += 1) {
    const wish = { clientId, session }
    const served = await spend(next(), at % 6 === 0 ? device.sign(wish, HERE) : wish)
    note(card, 'spent', served)
    session = served.session ?? session
  }
}

describe('a rotation of the secret while requests are under way', () => {
  it('refuses nobody, ends no session, gives no card a second account and loses no credit', async () => {
    const paymentMethodId = 'pm_card_threeDSecure2Required'
    const asked = await engines[0]?.topUp(requestWith({ paymentMethodId, topUpAmount: 50_000 }))
    const challenge = readPaymentRequired(asked?.headers[HEADERS.PAYMENT_REQUIRED])
    const action = challenge.ok ? challenge.value.nextAction : undefined
    if (!action) throw new Error(asked?.body)

    // One after the other, so that accounts are opened under each of the secrets.
    const people = CARDS.map(async (cards, at) => {
      for (const card of cards) await (at % 2 === 0 ? useName : useKey)(card)
    })
    await Promise.all(people)
    const { purchaseId, paymentIntentId } = action
    seller.stripeLocal.authenticate(paymentIntentId, 'approve')
    await buy(next(), { topUpAmount: undefined, purchaseId, paymentIntentId })
    bought += 1

    expect([...seen.values()].map((ids) => ids.size)).toEqual(CARDS.flat().map(() => 1))
    await Promise.all(engines.map((engine) => engine.close()))
    const { totals, breaks } = await seller.store.audit()
    expect(breaks).toEqual([])
    expect(totals.usd).toMatchObject({ credited: bought * 50_000, spent: spent * PRICE, held: 0 })
    expect(seller.stripeLocal.state.charges()).toHaveLength(bought)
  }, 120_000)
})
