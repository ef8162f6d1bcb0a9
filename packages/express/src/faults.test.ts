import type { PurchaseId } from '@stripe402/core'
import { MemoryStore, type Store, StoreUnavailableError } from '@stripe402/server'
import type { Fault } from '@stripe402/stripe-local'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPurchaseId } from './ids.fixture.js'
import { openShop, type Shop } from './shop.fixture.js'

const CARD = 'pm_card_visa'
const CREATE = { method: 'POST', path: '/v1/payment_intents', times: 'always' } as const
const CONFIRM = { method: 'POST', path: '/v1/payment_intents/:id/confirm', times: 'always' } as const
const READ_CARD = { method: 'GET', path: '/v1/payment_methods/:id', times: 'always' } as const
const CANCEL = { method: 'POST', path: '/v1/payment_intents/:id/cancel', times: 'always' } as const
const READ = { method: 'GET', path: '/v1/payment_intents/:id', times: 'always' } as const

let shop: Shop
let store: Store & { isDown: boolean }

beforeEach(async () => {
  store = breakable(new MemoryStore())
  shop = await openShop(
    (app, paywall, served) => {
      app.get('/api/free', paywall.paymentRequired({ price: 0 }), (_request, response) => {
        response.send('free')
      })
      app.get('/api/odd', paywall.paymentRequired({ price: 500, currency: 'xyz' }), (_request, response) => {
        response.send('odd')
      })
      app.get('/api/weather', paywall.paymentRequired({ price: 500 }), (_request, response) => {
        served.push('weather')
        response.json({})
      })
    },
    { store, stripeTimeoutMs: 300, waitMs: 600, takeOverMs: 300 },
  )
})
afterEach(() => shop.stop())

describe('Stripe that cannot be reached before anything moved', () => {
  it.each([
    ['the card is read', { ...READ_CARD, kind: 'refuse' }],
    ['the card is read, with 500', { ...READ_CARD, kind: 'status', status: 500 }],
    ['the card is read, with 429', { ...READ_CARD, kind: 'status', status: 429 }],
    ['the card is read, and hangs', { ...READ_CARD, kind: 'hang' }],
    ['the intent is created', { ...CREATE, kind: 'refuse' }],
    ['the intent is created, with 500', { ...CREATE, kind: 'status', status: 500 }],
    ['the intent is created, and the reply is lost', { ...CREATE, kind: 'cut' }],
  ] as const)('is answered 503 with Retry-After when %s', async (_when, fault) => {
    shop.stripe.stripeLocal.faults.add(fault)
    const reply = await pay(newPurchaseId())
    expect(reply.status).toBe(503)
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(reply.challenge).toBeNull()
    expect(shop.charges()).toEqual([])
    expect(shop.served).toEqual([])
  })

  it('is charged once when the same purchase is tried again later', async () => {
    const purchaseId = newPurchaseId()
    const undo = shop.stripe.stripeLocal.faults.add({ ...CREATE, kind: 'cut' })
    expect((await pay(purchaseId)).status).toBe(503)
    undo()
    expect(await payUntilDefinite(purchaseId)).toBe(200)
    expect(shop.charges()).toEqual([500])
  })
})

describe('an outcome that nobody knows', () => {
  it.each([
    ['the reply is lost', { ...CONFIRM, kind: 'cut' }],
    ['Stripe answers 500 after the effect', { ...CONFIRM, kind: 'status', status: 500, when: 'after' }],
    ['Stripe answers 429', { ...CONFIRM, kind: 'status', status: 429 }],
    ['Stripe hangs', { ...CONFIRM, kind: 'hang', when: 'after' }],
  ] as const)('is a 409, and the same purchase finds out: %s', async (_case, fault) => {
    const purchaseId = newPurchaseId()
    await expectPending(purchaseId, fault)
    expect(await payUntilDefinite(purchaseId)).toBe(200)
    expect(shop.charges()).toEqual([500])
    expect(shop.served).toEqual(['weather'])
  })

  it('ends when Stripe keeps a 500 under the key: the purchase is poisoned, the next one is charged', async () => {
    const purchaseId = newPurchaseId()
    await expectPending(purchaseId, { ...CONFIRM, kind: 'status', status: 500 })
    expect(await payUntilDefinite(purchaseId)).toBe(402)
    expect(shop.charges()).toEqual([])
    expect(await payUntilDefinite(newPurchaseId())).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it('ends when Stripe keeps a 500 for the creation', async () => {
    const purchaseId = newPurchaseId()
    const undo = shop.stripe.stripeLocal.faults.add({ ...CREATE, kind: 'status', status: 500 })
    expect((await pay(purchaseId)).status).toBe(503)
    undo()
    expect(await payUntilDefinite(purchaseId)).toBe(402)
    expect(await payUntilDefinite(newPurchaseId())).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it('ends when Stripe keeps a 500 for the cancellation, too', async () => {
    const purchaseId = newPurchaseId()
    const { faults } = shop.stripe.stripeLocal
    faults.add({ ...CONFIRM, kind: 'status', status: 500 })
    faults.add({ ...CANCEL, kind: 'status', status: 500 })
    expect((await pay(purchaseId)).status).toBe(409)
    while (shop.stripe.stripeLocal.log.count({ path: CANCEL.path }) === 0)
      expect((await pay(purchaseId)).status).toBe(409)
    faults.clear()
    expect(await payUntilDefinite(purchaseId)).toBe(402)
    expect(await payUntilDefinite(newPurchaseId())).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it('stays a 409 while Stripe cannot be read, for another purchase of the account as well', async () => {
    shop.stripe.stripeLocal.faults.add({ ...CONFIRM, kind: 'cut' })
    shop.stripe.stripeLocal.faults.add({ ...READ, kind: 'status', status: 500 })
    expect((await pay(newPurchaseId())).status).toBe(409)
    expect((await pay(newPurchaseId())).status).toBe(409)
    expect(shop.charges()).toEqual([500])
  })
})

describe('a charge that Stripe refuses for a reason that is not the payer', () => {
  it('is the fault of the shop and no decline: 503, for this purchase and whoever asks about it', async () => {
    const purchaseId = newPurchaseId()
    for (const wish of [{ paymentMethodId: CARD, purchaseId }, { purchaseId }]) {
      const reply = await shop.pay('/api/odd', wish)
      expect(reply.status).toBe(503)
      expect(reply.headers.get('retry-after')).toBeNull()
      expect(JSON.parse(reply.text)).toMatchObject({ errorCode: 'seller_misconfigured' })
      expect(reply.text).not.toMatch(/your bank/i)
    }
    expect(shop.stripe.stripeLocal.log.count({ method: 'POST', path: CREATE.path, status: 400 })).toBe(1)
  })
})

describe('a key that Stripe does not accept', () => {
  it.each([
    ['any more', 401, '/v1/payment_methods/:id'],
    ['for payments', 403, CREATE.path],
  ] as const)('%s is the fault of the shop, which the payer is told', async (_what, status, path) => {
    shop.stripe.stripeLocal.faults.add({ path, kind: 'status', status, times: 'always' })
    const reply = await pay(newPurchaseId())
    expect(reply.status).toBe(503)
    expect(JSON.parse(reply.text)).toMatchObject({
      errorCode: 'seller_misconfigured',
      error: expect.stringMatching(/not your card\. Nothing was charged/),
    })
    expect(shop.charges()).toEqual([])
  })
})

describe('a store that is down', () => {
  it('is a 503 with Retry-After, and nothing is charged', async () => {
    store.isDown = true
    const reply = await pay(newPurchaseId())
    expect(reply.status).toBe(503)
    expect(reply.headers.get('retry-after')).not.toBeNull()
    expect(JSON.parse(reply.text)).toMatchObject({ errorCode: 'unavailable' })
    expect(shop.charges()).toEqual([])
  })

  it('makes the outcome unknown once the card may have been charged', async () => {
    const purchaseId = newPurchaseId()
    const { credit } = store
    store.credit = () => Promise.reject(new StoreUnavailableError('The store cannot be reached.'))
    expect((await pay(purchaseId)).status).toBe(409)
    store.credit = credit
    expect(await payUntilDefinite(purchaseId)).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it('is a 409 when it fails after the charge, on a paid resource', async () => {
    const purchaseId = newPurchaseId()
    failOnce('hold')
    expect((await pay(purchaseId)).status).toBe(409)
    expect(shop.charges()).toEqual([500])
    expect(await payUntilDefinite(purchaseId)).toBe(200)
    expect(shop.charges()).toEqual([500])
  })

  it('is a 409 when it fails after the charge, at the top-up endpoint', async () => {
    // The first look is before the charge: may this account be paid into?
    failOnce('account', { after: 1 })
    const purchaseId = newPurchaseId()
    const buy = (): ReturnType<Shop['pay']> =>
      shop.pay('/.well-known/stripe402/top-up', { paymentMethodId: CARD, purchaseId }, { method: 'POST' })
    expect((await buy()).status).toBe(409)
    expect((await buy()).receipt?.creditsRemaining).toBe(50_000)
    expect(shop.charges()).toEqual([500])
  })

  it('is a 409 to who asks about a purchase: it may have been paid', async () => {
    store.isDown = true
    const reply = await shop.pay('/api/weather', { purchaseId: newPurchaseId() })
    expect(reply.status).toBe(409)
  })

  it('is a 409 when it has lost the purchase under way', async () => {
    failOnce('saveIntent', { error: new RangeError('unknown purchase') })
    const purchaseId = newPurchaseId()
    expect((await pay(purchaseId)).status).toBe(409)
    expect(await payUntilDefinite(purchaseId)).toBe(200)
  })

  it("is a 503 that tells nothing, whatever kind of error a store of one's own throws", async () => {
    const clientId = await shop.topUp()
    failOnce('hold', { error: new Error('connect ECONNREFUSED 10.0.0.7:6379') })
    const reply = await shop.pay('/api/weather', { clientId })
    expect(reply.status).toBe(503)
    expect(reply.text).not.toContain('10.0.0.7')
  })

  it('does not keep anybody from what is free', async () => {
    store.isDown = true
    expect((await shop.get('/api/free')).status).toBe(200)
  })
})

/** Lets one call of a verb fail, the next one or the one `after` so many. */
function failOnce(
  verb: 'hold' | 'account' | 'saveIntent',
  {
    after = 0,
    error = new StoreUnavailableError('The store cannot be reached.'),
  }: { after?: number; error?: Error } = {},
): void {
  const inner: unknown = store[verb]
  let left = after
  Object.assign(store, {
    [verb]: (...args: unknown[]) => {
      left -= 1
      if (left >= 0 && typeof inner === 'function') return Reflect.apply(inner, store, args)
      Object.assign(store, { [verb]: inner })
      return Promise.reject(error)
    },
  })
}

function pay(purchaseId: PurchaseId): ReturnType<Shop['pay']> {
  return shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000, purchaseId })
}

async function expectPending(purchaseId: PurchaseId, fault: Fault): Promise<void> {
  shop.stripe.stripeLocal.faults.add(fault)
  const reply = await pay(purchaseId)
  expect(reply.status).toBe(409)
  expect(JSON.parse(reply.text)).toMatchObject({ errorCode: 'payment_pending' })
  expect(reply.headers.get('retry-after')).not.toBeNull()
  expect(reply.challenge).toBeNull()
  shop.stripe.stripeLocal.faults.clear()
}

/** Asks again with the same purchase id, as a client does on 409 and 503. */
async function payUntilDefinite(purchaseId: PurchaseId): Promise<number> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { status } = await pay(purchaseId)
    if (status !== 409 && status !== 503) return status
  }
  throw new Error('there was never a definite answer')
}

/** A store whose every verb fails while it is down. */
function breakable(inner: Store): Store & { isDown: boolean } {
  const switchable = { isDown: false }
  return new Proxy(Object.assign(inner, switchable), {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) =>
        target.isDown
          ? Promise.reject(new StoreUnavailableError('The store cannot be reached.'))
          : Reflect.apply(member, target, args)
    },
  })
}
