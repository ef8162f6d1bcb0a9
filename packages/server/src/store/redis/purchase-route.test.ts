import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import type { PrepareResult, PurchaseTerms } from '../../store.js'
import { someAccount, somePurchaseId, termsOf } from '../../testing/contract/subject.js'
import { openStore } from '../../testing/open-store.js'
import { RedisStore } from './redis-store.js'

type Interruption = (step: number, run: () => Promise<unknown>) => Promise<unknown>

/** The same connection, but each script goes through somebody's hands. */
function interrupted(redis: Redis, interruption: Interruption): Redis {
  let step = 0
  return new Proxy(redis, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        const run = (): Promise<unknown> => Reflect.apply(member, target, args)
        if (property !== 'evalsha') return run()
        step += 1
        return interruption(step, run)
      }
    },
  })
}

describe('PurchaseRoute', () => {
  let server: LocalServer
  let redis: Redis
  let store: RedisStore
  beforeAll(async () => {
    server = await startRedis({ settings: { appendfsync: 'no' } })
    redis = new Redis(server.url)
    // Every script is known from here on, so that each step of the store is one command.
    await new RedisStore(redis).audit()
  })
  beforeEach(async () => {
    store = new RedisStore(redis)
    await emptyStore()
    const warm = someAccount()
    const opened = await store.prepareTopUp(termsOf(warm), null)
    assert(opened.type === 'prepared')
    await store.failTopUp(opened.purchase, { error: 'card_declined' })
    await store.prepareTopUp({ ...opened.purchase, ...someAccount(), paymentMethodId: 'pm_warm' }, null)
    await emptyStore()
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  async function emptyStore(): Promise<void> {
    await redis.flushall()
    await openStore(store)
  }

  /** A purchase that one card has failed to pay, and the terms of other cards for it. */
  async function failedPurchase(): Promise<(name: string) => PurchaseTerms> {
    await emptyStore()
    const purchaseId = somePurchaseId()
    const first = await store.prepareTopUp(termsOf(someAccount(), { purchaseId }), null)
    assert(first.type === 'prepared')
    await store.failTopUp(first.purchase, { error: 'card_declined' })
    return (name) => termsOf(someAccount(), { purchaseId, paymentMethodId: `pm_${name}` })
  }

  async function newPurchase(): Promise<(name: string) => PurchaseTerms> {
    await emptyStore()
    const purchaseId = somePurchaseId()
    return (name) => termsOf(someAccount(), { purchaseId, paymentMethodId: `pm_${name}` })
  }

  async function openRecords(): Promise<number> {
    const records = await redis.keys('s402:{??}:purchase:*')
    const statuses = await Promise.all(records.map((key) => redis.hget(key, 'status')))
    return statuses.filter((status) => status === 'prepared').length
  }

  for (const [situation, begin] of Object.entries({
    'a failed purchase': failedPurchase,
    'a new purchase': newPurchase,
  })) {
    it(`${situation} survives a crash before or after any of its steps`, async () => {
      let crashes = 0
      for (const moment of ['before', 'after'] as const)
        for (const next of ['the same card', 'another card'] as const)
          for (let at = 1; ; at += 1) {
            const termsFor = await begin()
            const terms = termsFor('crashing')
            let hasCrashed = false
            const crashing = interrupted(redis, async (step, run) => {
              if (step !== at) return run()
              hasCrashed = true
              if (moment === 'after') await run()
              throw new Error('The process died here.')
            })
            await new RedisStore(crashing).prepareTopUp(terms, null).catch(() => {})
            if (!hasCrashed) break
            crashes += 1
            const again = next === 'the same card' ? terms : termsFor('other')
            const result = await store.prepareTopUp(again, null)
            assert(result.type === 'prepared' || result.type === 'existing', result.type)
            assert.equal(await openRecords(), 1, `${moment} step ${at}, then ${next}`)
            const known = await store.purchase(terms.purchaseId)
            assert.equal(known?.clientId, result.purchase.clientId)
          }
      assert(crashes >= 8, `${crashes} crashes`)
    })

    it(`${situation} is opened once when another card overtakes at any of its steps`, async () => {
      let pauses = 0
      for (let at = 1; ; at += 1) {
        const termsFor = await begin()
        let overtaking: Promise<PrepareResult> | undefined
        const slow = interrupted(redis, async (step, run) => {
          if (step === at) {
            overtaking = store.prepareTopUp(termsFor('fast'), null)
            await overtaking
          }
          return run()
        })
        const late = await new RedisStore(slow).prepareTopUp(termsFor('slow'), null)
        if (!overtaking) break
        pauses += 1
        const types = [late.type, (await overtaking).type].sort()
        assert.deepEqual(types, ['existing', 'prepared'], `paused at step ${at}`)
        assert.equal(await openRecords(), 1)
      }
      assert(pauses >= 2, `${pauses} pauses`)
    })

    it(`${situation} is opened once when another card overtakes twice, failing in between`, async () => {
      for (let at = 1; ; at += 1) {
        const termsFor = await begin()
        let hasPaused = false
        const slow = interrupted(redis, async (step, run) => {
          if (step === at) {
            hasPaused = true
            const fast = await store.prepareTopUp(termsFor('fast'), null)
            if (fast.type === 'prepared') await store.failTopUp(fast.purchase, { error: 'card_declined' })
            await store.prepareTopUp(termsFor('faster'), null)
          }
          return run()
        })
        const late = await new RedisStore(slow).prepareTopUp(termsFor('slow'), null)
        if (!hasPaused) break
        assert(late.type === 'existing' || late.type === 'prepared', late.type)
        assert.equal(await openRecords(), 1, `paused at step ${at}`)
      }
    })
  }

  it('comes back to an account that it has left', async () => {
    const termsFor = await failedPurchase()
    const [one, two] = [termsFor('one'), termsFor('two')]
    for (let round = 0; round < 6; round += 1) {
      const terms = { ...(round % 2 ? one : two), paymentMethodId: `pm_${round}` }
      const result = await store.prepareTopUp(terms, null)
      assert(result.type === 'prepared')
      assert.equal(result.purchase.attempt, round + 2)
      await store.failTopUp(result.purchase, { error: 'card_declined' })
    }
  })
})
