import { randomBytes } from 'node:crypto'
import { MemoryStore, StoreUnavailableError } from '@stripe402/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientIdOf, newPurchaseId } from './ids.fixture.js'
import { openShop, type Shop } from './shop.fixture.js'

const CARD = 'pm_card_visa'
const CARD_3DS = 'pm_card_threeDSecure2Required'

let shop: Shop
let nowMs: number
let events: string[]

beforeEach(async () => {
  nowMs = Date.now()
  events = []
  shop = await openShop(
    (app, paywall) => {
      app.get('/api/weather', paywall.paymentRequired({ price: 500 }), (_request, response) => {
        response.json({})
      })
    },
    { store: new MemoryStore({ clock: () => nowMs }), onEvent: (event) => events.push(event.type) },
  )
})
afterEach(() => shop.stop())

/** A process that died between the charge and the credit. */
async function chargeAndDie(): Promise<void> {
  const { credit } = shop.store
  shop.store.credit = () => Promise.reject(new StoreUnavailableError('The process is gone.'))
  expect((await shop.pay('/api/weather', { paymentMethodId: CARD, topUpAmount: 50_000 })).status).toBe(409)
  shop.store.credit = credit
}

/** Somebody who closed the tab while the bank asked. */
async function prepareBankCheck(): Promise<void> {
  const purchase = {
    purchaseId: newPurchaseId(),
    clientId: clientIdOf(randomBytes(32).toString('hex')),
    currency: 'usd',
    units: 50_000,
    minor: 500,
    paymentMethodId: CARD_3DS,
    customerId: null,
    keepsCard: false,
    wantsBankCheck: false,
    issuer: 'issuer',
    description: 'Credit at a shop',
    keyThumbprint: null,
    attempt: 1,
  }
  await shop.store.prepareTopUp(purchase, null)
  await shop.store.saveIntent(purchase, 'pi_gone')
  await shop.store.awaitAction(purchase)
}

describe('sweep', () => {
  it('credits a charge whose process died', async () => {
    await chargeAndDie()
    expect(await shop.stripe402.sweep()).toMatchObject({ purchasesFinished: 0 })
    nowMs += 61_000
    expect(await shop.stripe402.sweep()).toMatchObject({ purchasesFinished: 1, purchasesStillOpen: 0 })
    expect((await shop.store.audit()).totals.usd?.available).toBe(50_000)
    expect(shop.charges()).toEqual([500])
  })

  it('gets to a crashed purchase past a hundred people who left during their bank check', async () => {
    for (let count = 0; count < 101; count += 1) await prepareBankCheck()
    nowMs += 1000
    await chargeAndDie()
    nowMs += 61_000
    expect(await shop.stripe402.sweep()).toMatchObject({ purchasesFinished: 1 })
  })

  it('goes on when one purchase cannot be finished', async () => {
    await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    await chargeAndDie()
    nowMs += 21 * 3_600_000
    shop.store.failTopUp = () => Promise.reject(new RangeError('this row is broken'))
    expect(await shop.stripe402.sweep()).toMatchObject({ purchasesFinished: 1, purchasesStillOpen: 1 })
  })

  it('leaves a bank check to the person, tells of it once, and cancels it after 20 hours', async () => {
    await shop.pay('/api/weather', { paymentMethodId: CARD_3DS, topUpAmount: 50_000 })
    nowMs += 61_000
    expect(await shop.stripe402.sweep()).toMatchObject({ purchasesFinished: 0, purchasesStillOpen: 1 })
    expect(events.filter((type) => type === 'authentication_required')).toHaveLength(1)
    nowMs += 20 * 3_600_000
    expect(await shop.stripe402.sweep()).toMatchObject({ purchasesFinished: 1, purchasesStillOpen: 0 })
    expect(shop.stripe.stripeLocal.state.paymentIntents()[0]?.status).toBe('canceled')
  })

  it('returns a hold that nobody captured', async () => {
    const clientId = await shop.topUp()
    const account = { clientId, currency: 'usd' }
    await shop.store.hold({
      ...account,
      operationId: 'one',
      runId: 'one',
      fingerprint: 'one',
      units: 500,
      resource: 'GET /',
      holdMs: 1000,
      rememberMs: 1000,
    })
    nowMs += 1001
    expect(await shop.stripe402.sweep()).toMatchObject({ holdsReleased: 1 })
    expect(await shop.store.account(account)).toMatchObject({ available: 50_000, held: 0 })
  })
})

describe('a capture', () => {
  it('that comes after its hold ran out is reported, not counted as taken', async () => {
    const clientId = await shop.topUp()
    const { capture } = shop.store
    shop.store.capture = (captures) => {
      nowMs += 301_000
      return Reflect.apply(capture, shop.store, [captures])
    }
    expect((await shop.pay('/api/weather', { clientId })).status).toBe(200)
    expect((await shop.account(clientId)).available).toBe(50_000)
    expect(events).not.toContain('captured')
    expect(events).toContain('fault')
  })
})
