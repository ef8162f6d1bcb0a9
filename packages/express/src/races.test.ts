import { type PurchaseId, serializePayment } from '@stripe402/core'
import { createStripe402, MemoryStore, type Stripe402 } from '@stripe402/server'
import type { Fault, FaultAction } from '@stripe402/stripe-local'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPurchaseId } from './ids.fixture.js'
import { openShop, type Reply, type Shop } from './shop.fixture.js'

const CARD = 'pm_card_visa'
const CREATE = { method: 'POST', path: '/v1/payment_intents' } as const
const CONFIRM = { method: 'POST', path: '/v1/payment_intents/:id/confirm' } as const
const CANCEL = { method: 'POST', path: '/v1/payment_intents/:id/cancel' } as const
const READ = { method: 'GET', path: '/v1/payment_intents/:id' } as const

let shop: Shop

beforeEach(async () => {
  shop = await openShop(
    (app, paywall) => {
      app.get('/api/weather', paywall.paymentRequired({ price: 500 }), (_request, response) => {
        response.json({})
      })
    },
    { store: new MemoryStore(), stripeTimeoutMs: 400, waitMs: 1500, takeOverMs: 60 },
  )
})
afterEach(() => shop.stop())

function buy(purchaseId: PurchaseId, paymentMethodId = CARD): Promise<Reply> {
  return shop.pay('/api/weather', { paymentMethodId, topUpAmount: 50_000, purchaseId })
}

/** As a client does: the same purchase until there is a definite answer. */
async function insist(purchaseId: PurchaseId, paymentMethodId = CARD): Promise<number> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { status } = await buy(purchaseId, paymentMethodId)
    if (status !== 409 && status !== 503) return status
  }
  throw new Error('there was never a definite answer')
}

/** What was charged is what was credited, nothing is in flight, and every account adds up. */
async function expectConserved(): Promise<void> {
  await shop.stripe402.close()
  const audit = await shop.store.audit()
  expect(audit.breaks).toEqual([])
  const chargedUnits = shop.charges().reduce((sum, minor) => sum + minor * 100, 0)
  expect(audit.totals.usd?.credited ?? 0).toBe(chargedUnits)
  const open = shop.stripe.stripeLocal.state
    .paymentIntents()
    .filter(({ status }) => status !== 'succeeded' && status !== 'canceled')
  // One that came to be after its purchase was given up, and whose cancellation Stripe refused, may be left: it was never
  // confirmed and has no card, so it takes no money.
  expect(open.filter((intent) => intent.payment_method || intent.last_payment_error)).toEqual([])
}

describe('one purchase from two tabs', () => {
  it('is charged once with one card', async () => {
    const purchaseId = newPurchaseId()
    expect(await Promise.all([insist(purchaseId), insist(purchaseId)])).toEqual([200, 200])
    expect(shop.charges()).toEqual([500])
    await expectConserved()
  })

  it('is charged once with two cards', async () => {
    const purchaseId = newPurchaseId()
    const statuses = await Promise.all([insist(purchaseId), insist(purchaseId, 'pm_card_mastercard')])
    expect(statuses).toEqual([200, 200])
    expect(shop.charges()).toEqual([500])
    await expectConserved()
  })
})

describe('a request that takes over from a slow one', () => {
  it.each([
    ['creates', { ...CREATE, kind: 'delay', delayMs: 200 }],
    ['confirms', { ...CONFIRM, kind: 'delay', delayMs: 200 }],
    ['confirms and gives up', { ...CONFIRM, kind: 'delay', delayMs: 900 }],
  ] as const)('never charges twice while it %s: the same purchase', async (_what, fault) => {
    shop.stripe.stripeLocal.faults.add(fault)
    const purchaseId = newPurchaseId()
    const statuses = await Promise.all([insist(purchaseId), insist(purchaseId), insist(purchaseId)])
    // Cancelled by the one that took over, or charged: the same answer for all, and it is true.
    expect(new Set(statuses).size).toBe(1)
    expect(shop.charges()).toEqual(statuses[0] === 200 ? [500] : [])
    await expectConserved()
  })

  it.each([
    ['creates', { ...CREATE, kind: 'delay', delayMs: 200 }],
    ['confirms', { ...CONFIRM, kind: 'delay', delayMs: 200 }],
  ] as const)('pays one shortage once while it %s: another purchase', async (_what, fault) => {
    shop.stripe.stripeLocal.faults.add(fault)
    const statuses = await Promise.all([
      insist(newPurchaseId()),
      insist(newPurchaseId()),
      insist(newPurchaseId()),
    ])
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2)
    expect(shop.charges()).toEqual([500])
    await expectConserved()
  })
})

describe('two servers with one store and one Stripe', () => {
  it('charge a card once for requests that come to both', async () => {
    const { keys } = shop.stripe.stripeLocal
    const other: Stripe402 = createStripe402({
      stripe: { secretKey: keys.secretKey, apiBase: shop.stripe.url },
      publishableKey: keys.publishableKey,
      secret: 'the shop secret of thirty-two bytes',
      store: shop.store,
      logger: { warn() {}, error() {} },
    })
    const tag = other.priceTag({ price: 500 })
    const purchaseId = newPurchaseId()
    const header = serializePayment({ paymentMethodId: CARD, topUpAmount: 50_000, purchaseId })
    const [first, second] = await Promise.all([
      insist(purchaseId),
      other.authorize({ method: 'GET', url: '/x', header: () => header }, tag),
    ])
    expect([first, second.type]).toEqual([200, 'granted'])
    if (second.type === 'granted') await second.grant.release()
    await other.close()
    expect(shop.charges()).toEqual([500])
    await expectConserved()
  })
})

describe('any schedule of tabs, cards and Stripe faults', () => {
  // Seeds, so that a failure can be run again.
  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'charges what it credits and ends in definite answers: seed %i',
    async (seed) => {
      const random = randomOf(seed)
      const pick = <T>(choices: readonly T[]): T | undefined => choices[Math.floor(random() * choices.length)]
      for (let count = 0; count < 3; count += 1) {
        const call = pick<Pick<Fault, 'method' | 'path'>>([CREATE, CONFIRM, CONFIRM, CANCEL, READ])
        const action = pick<FaultAction>([
          { kind: 'cut' },
          { kind: 'delay', delayMs: Math.floor(random() * 300) },
          { kind: 'status', status: 500, when: 'before' },
          { kind: 'status', status: 500, when: 'after' },
          { kind: 'status', status: 429 },
        ])
        const nth = 1 + Math.floor(random() * 2)
        if (call && action) shop.stripe.stripeLocal.faults.add({ ...call, ...action, nth, times: 2 })
      }
      const shared = newPurchaseId()
      const tabs = Array.from({ length: 4 }, () =>
        insist(
          random() < 0.5 ? shared : newPurchaseId(),
          pick([CARD, CARD, 'pm_card_mastercard', 'pm_card_chargeDeclined']),
        ),
      )
      const statuses = await Promise.all(tabs)
      expect(statuses.every((status) => status === 200 || status === 402)).toBe(true)
      shop.stripe.stripeLocal.faults.clear()
      await expectConserved()
      const byPurchase = shop.stripe.stripeLocal.state
        .paymentIntents()
        .filter(({ status }) => status === 'succeeded')
        .map(({ metadata }) => metadata.purchaseId)
      expect(new Set(byPurchase).size).toBe(byPurchase.length)
    },
  )
})

function randomOf(seed: number): () => number {
  let state = seed * 2654435761
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
