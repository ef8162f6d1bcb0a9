import assert from 'node:assert/strict'
import { HEADERS, type Payment, serializePayment } from '@stripe402/core'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import type { PaidRequest } from '../paid-request.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { PostgresStore, RedisStore } from '../store/index.js'
import type { AccountKey, Store } from '../store.js'

const CARDS = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex']

/** Asks for a resource of 500 units, and is served if it is granted. */
async function ask({ stripe402 }: Seller, payment: Omit<Payment, 'stripe402Version'>): Promise<number> {
  const header = serializePayment(payment)
  const request: PaidRequest = {
    method: 'GET',
    url: '/api/weather',
    header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
  }
  const authorization = await stripe402.authorize(request, stripe402.priceTag({ price: 500 }))
  if (authorization.type === 'refused') return authorization.answer.status
  assert(authorization.type === 'granted')
  await authorization.grant.capture()
  return 200
}

/** Three cards have paid; each was served twice, one was refunded, one disputes. */
async function sellAWhile(seller: Seller): Promise<AccountKey[]> {
  const accounts: AccountKey[] = []
  for (const [index, paymentMethodId] of CARDS.entries()) {
    const { account, paymentIntentId } = await seller.topUp({ paymentMethodId, topUpAmount: 50_000 })
    accounts.push(account)
    for (let count = 0; count < 2; count += 1)
      assert.equal(await ask(seller, { clientId: account.clientId }), 200)
    if (index === 1) seller.stripeLocal.refund(paymentIntentId, { amountMinor: 200 })
    if (index === 2) seller.stripeLocal.dispute(paymentIntentId)
  }
  await seller.stripe402.close()
  return accounts
}

describe('a store that lost its data', () => {
  let redisServer: LocalServer
  let postgresServer: LocalServer
  let redis: Redis
  let pool: pg.Pool
  beforeAll(async () => {
    redisServer = await startRedis({ settings: { appendfsync: 'no' } })
    postgresServer = await startPostgres({ settings: { fsync: 'off' } })
    redis = new Redis(redisServer.url)
    pool = new pg.Pool({ connectionString: postgresServer.url })
    // A connection that the server ends while it is idle is not news.
    pool.on('error', () => {})
  }, 120_000)
  afterAll(async () => {
    redis.disconnect()
    await pool.end()
    await Promise.all([redisServer.stop(), postgresServer.stop()])
  })

  const stores: [string, () => Store, () => Promise<unknown>][] = [
    ['Redis', () => new RedisStore(redis), () => redis.flushall()],
    ['PostgreSQL', () => new PostgresStore(pool), () => pool.query('DROP SCHEMA stripe402 CASCADE')],
  ]
  it.each(stores)(
    'answers 503 on %s until it is rebuilt; then charged equals credited, and nobody was charged twice',
    async (name, makeStore, wipe) => {
      const seller = openSeller({ store: makeStore() })
      const accounts = await sellAWhile(seller)
      const [first, refunded, disputed] = accounts
      assert(first && refunded && disputed)
      await seller.stripe402.reconcile()
      assert.equal((await seller.store.account(first)).available, 49_000)
      await wipe()

      const restarted = openSeller({ stripeLocal: seller.stripeLocal, store: makeStore() })
      // A process that has not noticed yet is told by the store, except where its tables are gone.
      for (const shop of [seller, restarted]) {
        assert.equal(await ask(shop, { clientId: first.clientId }), 503)
        assert.equal(await ask(shop, { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }), 503)
        const answer = await shop.stripe402.topUp(
          requestWith({ paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }),
        )
        assert.equal(answer.status, 503)
        assert(Number(answer.headers['retry-after']) > 0)
      }
      assert.equal(seller.stripeLocal.state.charges().length, CARDS.length)

      const report = await openSeller({
        stripeLocal: seller.stripeLocal,
        store: makeStore(),
      }).stripe402.reconcile()
      assert.equal(report.isRebuilt, true)
      assert.deepEqual(report.repaired, { payments: 3, refunds: 1, disputes: 1 })

      // What was spent is forgiven; what went back is not.
      assert.deepEqual(
        await Promise.all(accounts.map(async (account) => (await seller.store.account(account)).available)),
        [50_000, 30_000, 0],
      )
      const audited = await restarted.stripe402.audit({ settleMs: 0 })
      assert.deepEqual(audited.breaks, [])
      assert.deepEqual(audited.totals.usd?.credited, audited.stripe?.usd?.charged)
      for (const shop of [seller, restarted]) {
        assert.equal(await ask(shop, { clientId: first.clientId }), 200, name)
        assert.equal(await ask(shop, { clientId: disputed.clientId }), 403)
      }
      assert.equal(seller.stripeLocal.state.charges().length, CARDS.length)
    },
    120_000,
  )
})
