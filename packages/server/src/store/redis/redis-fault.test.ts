import assert from 'node:assert/strict'
import { serializePayment } from '@stripe402/core'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import { openSeller, type Seller } from '../../seller.fixture.js'
import type { AccountKey } from '../../store.js'
import { holdOf } from '../../testing/contract/subject.js'
import { RedisStore } from './redis-store.js'

const PRICE_UNITS = 100

describe('RedisStore whose server cannot serve', () => {
  let server: LocalServer
  let redis: Redis
  let store: RedisStore
  let seller: Seller
  let key: AccountKey
  beforeAll(async () => {
    server = await startRedis({
      settings: { 'enable-debug-command': 'yes', 'loading-process-events-interval-bytes': '1024' },
    })
    redis = new Redis(server.url)
    store = new RedisStore(redis)
    seller = openSeller({ store, takeOverMs: 20 })
    key = (await seller.topUp()).account
  })
  afterAll(async () => {
    await seller.close()
    redis.disconnect()
    await server.stop()
  })

  function request(): Parameters<Seller['stripe402']['authorize']>[0] {
    const header = serializePayment({ clientId: key.clientId })
    return { method: 'GET', url: '/api/weather', header: (name) => (name === 'payment' ? header : undefined) }
  }

  /** Says so, answers 503 without an invitation to pay, and does what it was asked once the fault is gone. */
  async function survives(
    fault: { begin(): Promise<unknown>; end(): Promise<unknown> },
    says: RegExp,
  ): Promise<void> {
    const tag = seller.stripe402.priceTag({ price: PRICE_UNITS })
    const before = await store.account(key)
    const hold = holdOf(key, { units: PRICE_UNITS })
    await fault.begin()
    try {
      await assert.rejects(store.hold(hold), { code: 'store_unavailable', message: says })
      const answer = await seller.stripe402.authorize(request(), tag)
      assert(answer.type === 'refused')
      assert.equal(answer.answer.status, 503)
      assert.equal(answer.answer.headers['payment-required'], undefined)
    } finally {
      await fault.end()
    }
    assert.deepEqual(await store.account(key), before)
    assert.equal((await store.hold(hold)).type, 'held')
    const answer = await seller.stripe402.authorize(request(), tag)
    assert(answer.type === 'granted')
    await answer.grant.capture()
    const { available, spent } = await store.account(key)
    assert.equal(available, before.available - 2 * PRICE_UNITS)
    assert.equal(spent, before.spent + PRICE_UNITS)
    assert.deepEqual((await store.audit()).breaks, [])
  }

  const set = (name: string, value: string) => () => redis.config('SET', name, value)

  it('survives that it is a read-only replica', () =>
    survives(
      { begin: () => redis.replicaof('127.0.0.1', 1), end: () => redis.replicaof('NO', 'ONE') },
      /read-only replica/,
    ))

  it('survives that its primary is gone', () =>
    survives(
      {
        async begin() {
          await redis.config('SET', 'replica-serve-stale-data', 'no')
          await redis.replicaof('127.0.0.1', 1)
        },
        async end() {
          await redis.replicaof('NO', 'ONE')
          await redis.config('SET', 'replica-serve-stale-data', 'yes')
        },
      },
      /lost its primary/,
    ))

  it('survives that no memory is left', () =>
    survives({ begin: set('maxmemory', '1'), end: set('maxmemory', '0') }, /no memory left/))

  it('survives that it forgot every script', async () => {
    await redis.script('FLUSH')
    const { held } = await store.account(key)
    assert.equal((await store.hold(holdOf(key, { units: PRICE_UNITS }))).type, 'held')
    assert.equal((await store.account(key)).held, held + PRICE_UNITS)
  })

  it('survives that it is loading', async () => {
    const admin = new Redis(server.url, { enableReadyCheck: false })
    let reloaded: Promise<unknown> = Promise.resolve()
    await survives(
      {
        async begin() {
          await admin.config('SET', 'key-load-delay', '5000')
          reloaded = admin.call('DEBUG', 'RELOAD')
          // Whoever asks too early finds it as it was.
          while (!/^loading:1/m.test(await redis.info('persistence')));
        },
        async end() {
          await reloaded
          await admin.config('SET', 'key-load-delay', '0')
        },
      },
      /loading its data/,
    )
    admin.disconnect()
  })
})
