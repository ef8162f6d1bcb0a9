import assert from 'node:assert/strict'
import { HEADERS, type Payment, serializePayment } from '@stripe402/core'
import { createStripeLocal } from '@stripe402/stripe-local'
import { afterEach, describe, it } from 'vitest'
import type { PaidRequest } from '../paid-request.js'
import type { Seller } from '../seller.fixture.js'
import { RedisStore } from '../store/index.js'
import type { AccountKey, Store } from '../store.js'
import { someAccount } from '../testing/contract/subject.js'
import { CARD, chargesOf, creditedIn, newPurchaseId, premises, statusOfTopUp } from './premises.fixture.js'

const { startServer, connect, sell, leave } = premises()
afterEach(leave)

describe('a Redis that is emptied in the middle of a request', () => {
  type Act = (seller: Seller, account: AccountKey) => Promise<number>

  /**
   * Empties it at each moment of what a seller does, before and after every verb of the store, and rebuilds it. The
   * same again must then be answered with a yes, or with a true no, and there must have been no more charges than that.
   */
  async function emptyAtEachMoment(act: () => Act, expectedCharges: number): Promise<void> {
    const redis = connect(await startServer({ appendfsync: 'no' }))
    let wipes = 0
    for (let wipeAt = 1; ; wipeAt += 1) {
      await redis.flushall()
      const stripeLocal = createStripeLocal()
      const store = new RedisStore(redis)
      const { account } = await sell(store, stripeLocal).topUp()
      let moments = 0
      const moment = async (): Promise<void> => {
        moments += 1
        if (moments === wipeAt) await redis.flushall()
      }
      const run = act()
      await run(sell(interrupted(store, moment), stripeLocal), account)
      if (moments < wipeAt) break
      wipes += 1

      const restarted = sell(store, stripeLocal)
      assert.equal(await statusOfWeather(restarted, { clientId: account.clientId }), 503)
      assert.equal(await statusOfWeather(restarted, { clientId: someAccount().clientId }), 503)
      assert([409, 503].includes(await run(restarted, account)))
      const { cancelled } = await restarted.stripe402.reconcile()
      // What was under way has been cancelled, lest somebody still confirm it. Whoever asks again is told so, and may start anew.
      if (cancelled.length > 0) assert.equal(await run(restarted, account), 402)
      const again = cancelled.length > 0 ? act() : run
      assert.equal(await again(restarted, account), 200)
      assert.equal(chargesOf(stripeLocal), expectedCharges, `emptied at moment ${wipeAt}`)
      assert.equal(await creditedIn(store), expectedCharges * CARD.topUpAmount)
    }
    assert(wipes >= 4, `${wipes} wipes`)
  }

  it(
    'sells nothing until it is rebuilt, and charges a purchase once',
    () =>
      emptyAtEachMoment(() => {
        const purchaseId = newPurchaseId()
        return (seller) => statusOfTopUp(seller, purchaseId)
      }, 2),
    120_000,
  )

  it(
    'never charges who has credit, though they send their card with it',
    () =>
      emptyAtEachMoment(() => {
        const purchaseId = newPurchaseId()
        return (seller, { clientId }) => statusOfWeather(seller, { ...CARD, clientId, purchaseId })
      }, 1),
    120_000,
  )
})

function interrupted(store: Store, moment: () => Promise<void>): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]): Promise<unknown> => {
        await moment()
        const answer: unknown = await Reflect.apply(member, target, args)
        await moment()
        return answer
      }
    },
  })
}

async function statusOfWeather(
  { stripe402 }: Seller,
  payment: Omit<Payment, 'stripe402Version'>,
): Promise<number> {
  const header = serializePayment(payment)
  const request: PaidRequest = {
    method: 'GET',
    url: '/api/weather',
    header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
  }
  const answer = await stripe402.authorize(request, stripe402.priceTag({ price: 500 }))
  if (answer.type !== 'granted') return answer.type === 'refused' ? answer.answer.status : 0
  await answer.grant.capture()
  return 200
}
