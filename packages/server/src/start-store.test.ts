import assert from 'node:assert/strict'
import { createStripeLocal } from '@stripe402/stripe-local'
import { describe, it, vi } from 'vitest'
import { openSeller, requestWith } from './seller.fixture.js'
import { MemoryStore } from './store/index.js'
import { openStore } from './testing/open-store.js'

function blankStore(): MemoryStore {
  const store = new MemoryStore()
  store.wipe()
  return store
}

const PAYMENT = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }

describe('createStripe402 over a blank store', () => {
  it('opens it when Stripe never charged a card for this seller, whatever else is in the Stripe account', async () => {
    const stripeLocal = createStripeLocal()
    const other = openSeller({ stripeLocal, secret: 'the secret of another seller, 32 bytes' })
    await other.topUp()
    const failed = openSeller({ stripeLocal })
    await failed.stripe402.topUp(requestWith({ ...PAYMENT, paymentMethodId: 'pm_card_chargeDeclined' }))
    const seller = openSeller({ stripeLocal, store: blankStore() })
    await seller.stripe402.start()
    assert.equal((await seller.store.start()).type, 'ready')
    await seller.topUp()
  })

  it('refuses to start when a card was charged, answers 503 and charges nothing', async () => {
    const before = openSeller()
    await before.topUp()
    const errors: string[] = []
    const seller = openSeller({
      stripeLocal: before.stripeLocal,
      store: blankStore(),
      logger: { warn() {}, error: (line) => void errors.push(line) },
    })
    await assert.rejects(seller.stripe402.start(), {
      name: 'BlankStoreError',
      message: /stripe402 reconcile/,
    })
    const answer = await seller.stripe402.topUp(requestWith(PAYMENT))
    assert.equal(answer.status, 503)
    assert.match(errors.join('\n'), /BlankStoreError.*npx stripe402 reconcile/)
    assert.equal(answer.headers['retry-after'], '5')
    assert.equal((await seller.store.start()).type, 'blank')
    assert.equal(before.stripeLocal.state.charges().length, 1)
  })

  it('does not open it when a card was charged by another process while this one was tidying up', async () => {
    const other = openSeller()
    const seller = openSeller({ stripeLocal: other.stripeLocal, store: blankStore() })
    const { paymentIntents } = seller.stripe
    const list = paymentIntents.list.bind(paymentIntents)
    let lists = 0
    vi.spyOn(paymentIntents, 'list').mockImplementation((...args) => {
      lists += 1
      const found = list(...args)
      // The first list says that no money was taken; the second is of what was begun and never paid.
      if (lists !== 2) return found
      return Object.assign(found, {
        async *[Symbol.asyncIterator]() {
          await other.topUp()
          yield* list(...args)
        },
      })
    })
    await assert.rejects(seller.stripe402.start(), { name: 'BlankStoreError' })
    assert.equal((await seller.store.start()).type, 'blank')
  })

  it('does not open what came after the data that it found out about', async () => {
    const other = openSeller()
    const store = blankStore()
    const seller = openSeller({ stripeLocal: other.stripeLocal, store })
    const open = store.open.bind(store)
    vi.spyOn(store, 'open').mockImplementationOnce(async (dataId) => {
      // Between the last look at Stripe and this: opened by another process, sold from, and lost again.
      await other.topUp()
      store.wipe()
      return open(dataId)
    })
    await assert.rejects(seller.stripe402.start(), { name: 'BlankStoreError' })
    assert.equal((await store.start()).type, 'blank')
    assert.equal((await seller.stripe402.topUp(requestWith(PAYMENT))).status, 503)
  })

  it('starts by itself once somebody declared the store complete, without asking Stripe again', async () => {
    const before = openSeller()
    await before.topUp()
    const seller = openSeller({ stripeLocal: before.stripeLocal, store: blankStore() })
    await assert.rejects(seller.stripe402.start())
    const asked = seller.stripeLocal.log.entries.length
    await assert.rejects(seller.stripe402.start())
    assert.equal(seller.stripeLocal.log.entries.length, asked)
    await openStore(seller.store)
    await seller.topUp()
  })

  it('finds a charge behind the latest hundred PaymentIntents, by search and without', async () => {
    const first = openSeller({ stripeOptions: { searchLagMs: 0 } })
    await first.topUp()
    for (let count = 0; count < 100; count += 1)
      await first.stripe.paymentIntents.create({
        amount: 500,
        currency: 'usd',
        allowed_payment_method_types: ['card'],
      })
    const { stripeLocal } = first
    await assert.rejects(openSeller({ stripeLocal, store: blankStore() }).stripe402.start())
    assert.equal(stripeLocal.log.entries.filter(({ path }) => path.endsWith('/search')).length, 1)
    stripeLocal.faults.add({ path: '/v1/payment_intents/search', kind: 'status', status: 400 })
    await assert.rejects(openSeller({ stripeLocal, store: blankStore() }).stripe402.start(), /lost its data/)
  })

  it('answers 503 while Stripe cannot be asked, and starts once it can', async () => {
    const seller = openSeller({ store: blankStore() })
    seller.stripeLocal.faults.add({ kind: 'status', status: 500, times: 'always' })
    await assert.rejects(seller.stripe402.start(), /Stripe did not say/)
    seller.stripeLocal.faults.clear()
    await seller.topUp()
  })

  it('notices in the middle of its life that the data are gone', async () => {
    const store = new MemoryStore()
    const seller = openSeller({ store })
    await seller.topUp()
    store.wipe()
    for (let count = 0; count < 2; count += 1)
      assert.equal((await seller.stripe402.topUp(requestWith(PAYMENT))).status, 503)
    await openStore(store)
    assert.equal((await seller.stripe402.topUp(requestWith(PAYMENT))).status, 200)
    assert.equal(seller.stripeLocal.state.charges().length, 2)
  })

  it('goes on with a store that was emptied before a card was ever charged', async () => {
    const store = new MemoryStore()
    const seller = openSeller({ store })
    await seller.stripe402.start()
    store.wipe()
    assert.equal((await seller.stripe402.topUp(requestWith(PAYMENT))).status, 503)
    assert.equal((await seller.stripe402.topUp(requestWith(PAYMENT))).status, 200)
  })
})
