import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import type { HoldResult } from '../../store.js'
import { holdOf, nextRun, someAccount, termsOf } from '../../testing/contract/subject.js'
import { openStore } from '../../testing/open-store.js'
import { StoreUnavailableError } from '../store-error.js'
import { RedisStore } from './redis-store.js'

describe('RedisStore', () => {
  let server: LocalServer
  let redis: Redis
  let store: RedisStore
  const key = someAccount()
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
    redis.on('error', () => {})
  })
  beforeEach(async () => {
    await redis.flushall()
    store = new RedisStore(redis)
    await openStore(store)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  async function pay(units: number): Promise<void> {
    await store.credit({ ...key, paymentIntentId: `pi_${units}`, units, purchaseId: null })
  }

  /** How often Redis was called by a client, by command. */
  async function commandsOf(action: () => Promise<unknown>): Promise<Record<string, number>> {
    await redis.config('RESETSTAT')
    await action()
    const stats = await redis.info('commandstats')
    const calls = [...stats.matchAll(/^cmdstat_(evalsha|eval):calls=(\d+)/gm)]
    return Object.fromEntries(calls.map(([, name, count]) => [name, Number(count)]))
  }

  it('sends one command for a hold, and the source of a script only when the server lacks it', async () => {
    await pay(1000)
    await store.hold(holdOf(key))
    assert.deepEqual(await commandsOf(() => store.hold(holdOf(key))), { evalsha: 1 })
    await redis.script('FLUSH')
    assert.deepEqual(await commandsOf(() => store.hold(holdOf(key))), { evalsha: 1, eval: 1 })
    assert.deepEqual(await commandsOf(() => store.hold(holdOf(key))), { evalsha: 1 })
    assert.equal((await store.account(key)).held, 400)
  })

  it('sends one command for the holds of one turn, and one for their captures, whatever shards they are in', async () => {
    const keys = Array.from({ length: 20 }, () => someAccount())
    for (const other of keys)
      await store.credit({ ...other, paymentIntentId: 'pi_1', units: 100, purchaseId: null })
    const wishes = keys.map((other) => holdOf(other))
    let held: HoldResult[] = []
    await store.hold(holdOf(key))
    const holding = await commandsOf(async () => {
      held = await Promise.all(wishes.map((wish) => store.hold(wish)))
    })
    assert.deepEqual(holding, { evalsha: 1 })
    assert.deepEqual(
      held.map(({ type, account }) => [type, account.clientId, account.available, account.held]),
      keys.map(({ clientId }) => ['held', clientId, 0, 100]),
    )
    await store.capture([holdOf(key)])
    assert.deepEqual(await commandsOf(() => store.capture(wishes)), { evalsha: 1 })
    for (const other of keys) assert.equal((await store.account(other)).spent, 100)
  })

  it('answers the holds of one turn, and their captures, each by itself', async () => {
    const poor = someAccount()
    const broken = someAccount()
    await pay(300)
    await store.credit({ ...broken, paymentIntentId: 'pi_1', units: 100, purchaseId: null })
    const [first, lost] = [holdOf(key), holdOf(broken)]
    await Promise.all([store.hold(first), store.hold(lost)])
    await redis.set(`s402:{${broken.clientId.slice(0, 2)}}:account:${broken.clientId}:usd`, 'not a hash')
    const other = { ...nextRun(first), fingerprint: 'other' }
    const [second, third] = [holdOf(key), holdOf(key)]
    const wishes = [second, holdOf(broken), holdOf(poor), other, third, holdOf(key)]
    const results = await Promise.allSettled(wishes.map((wish) => store.hold(wish)))
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value.type : result.reason.code)),
      ['held', 'store_unavailable', 'insufficient', 'conflict', 'held', 'insufficient'],
    )
    await assert.rejects(store.capture([first, lost, second]), { code: 'store_unavailable' })
    assert.deepEqual(await store.capture([first, second, third]), [
      { type: 'already_captured' },
      { type: 'already_captured' },
      { type: 'captured' },
    ])
  })

  it('holds once where the client library sends the command of a turn twice', async () => {
    await pay(1000)
    const twice = new Proxy(redis, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (name !== 'evalsha' || typeof member !== 'function') return member
        return async (...args: unknown[]): Promise<unknown> => {
          await Reflect.apply(member, target, args)
          return Reflect.apply(member, target, args)
        }
      },
    })
    const resending = new RedisStore(twice)
    const wishes = [holdOf(key), holdOf(key), holdOf(key)]
    const results = await Promise.all(wishes.map((wish) => resending.hold(wish)))
    assert.deepEqual(
      results.map(({ type, account }) => [type, account.held]),
      [
        ['held', 300],
        ['held', 300],
        ['held', 300],
      ],
    )
  })

  it('captures a list with one command, also when the server lacks the script', async () => {
    await pay(1000)
    const requests = Array.from({ length: 5 }, () => holdOf(key))
    for (const request of requests) await store.hold(request)
    await redis.script('FLUSH')
    const calls = await commandsOf(() => store.capture(requests.slice(0, 2)))
    assert.deepEqual(calls, { evalsha: 1, eval: 1 })
    assert.deepEqual(await commandsOf(() => store.capture(requests.slice(2))), { evalsha: 1 })
    assert.equal((await store.account(key)).spent, 500)
  })

  it('forgets operations in time and keeps nothing else per request', async () => {
    await pay(1000)
    const before = await redis.dbsize()
    const request = holdOf(key, { rememberMs: 600_000 })
    await store.hold(request)
    const [operation] = await redis.keys('s402:{??}:operation:*')
    assert(operation)
    assert.equal(await redis.pttl(operation), -1)
    await store.capture([request])
    const ttl = await redis.pttl(operation)
    assert(ttl > 0 && ttl <= 600_000)
    assert.equal((await redis.dbsize()) - before, 1)
    assert.equal(await redis.zcard(`s402:{${key.clientId.slice(0, 2)}}:holds`), 0)
  })

  it('keeps all that it acknowledged when the server is killed', async () => {
    await pay(1000)
    const request = holdOf(key)
    await store.hold(request)
    await store.capture([request])
    const before = await store.account(key)
    await server.kill()
    await server.restart()
    assert.deepEqual(await store.account(key), before)
    assert.equal((await store.hold(holdOf(key))).type, 'held')
  })

  it('says that it is unavailable when the server is gone, and not where it was', async () => {
    const impatient = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null })
    impatient.on('error', () => {})
    await impatient.ping()
    await server.kill()
    await assert.rejects(new RedisStore(impatient).hold(holdOf(key)), (error: Error) => {
      assert(error instanceof StoreUnavailableError)
      assert.equal(error.code, 'store_unavailable')
      assert(error.cause instanceof Error)
      assert.doesNotMatch(error.message, /127\.0\.0\.1|localhost|\d{4}/)
      return true
    })
    impatient.disconnect()
    await server.restart()
  })

  it('leaves ids and scripts out of the cause', async () => {
    await redis.set(`s402:{${key.clientId.slice(0, 2)}}:account:${key.clientId}:usd`, 'not a hash')
    await assert.rejects(store.hold(holdOf(key)), (error: Error) => {
      const text = JSON.stringify(error.cause, Object.getOwnPropertyNames(error.cause))
      assert.match(text, /WRONGTYPE/)
      assert.equal(text.includes(key.clientId), false)
      return true
    })
  })

  it('reports what an operator can mend', async () => {
    await redis.config('SET', 'min-replicas-to-write', '1')
    const rejection = assert.rejects(pay(1000), { code: 'store_unavailable', message: /fewer replicas/ })
    await rejection.finally(() => redis.config('SET', 'min-replicas-to-write', '0'))
    await pay(1000)
    assert.equal((await store.account(key)).credited, 1000)
  })

  it('invites nobody to pay again when the data are gone', async () => {
    await pay(1000)
    await redis.flushall()
    await assert.rejects(store.hold(holdOf(key)), { code: 'store_unavailable', message: /lost its data/ })
    await pay(1000)
    assert.equal((await store.hold(holdOf(key))).type, 'held')
    // Another process rebuilt it, and this one goes on without a restart.
    await openStore(new RedisStore(redis))
    assert.equal((await store.prepareTopUp(termsOf(key), null)).type, 'prepared')
  })

  it('works with a key prefix', async () => {
    const prefixed = new Redis(server.url, { keyPrefix: 'shop:' })
    const other = new RedisStore(prefixed)
    await openStore(other)
    await other.credit({ ...key, paymentIntentId: 'pi_1', units: 100, purchaseId: null })
    await other.hold(holdOf(key))
    assert.equal((await other.prepareTopUp(termsOf(key), holdOf(key))).type, 'prepared')
    assert.equal((await other.prepareTopUp(termsOf(key), null)).type, 'busy')
    assert.equal((await store.account(key)).credited, 0)
    assert.deepEqual((await other.audit()).breaks, [])
    const names = await redis.keys('*')
    assert.deepEqual(
      names.filter((name) => !name.startsWith('shop:') && !name.endsWith(':opened')),
      [],
    )
    prefixed.disconnect()
  })
})

describe('waitForReplicas', () => {
  let primary: LocalServer
  let replica: LocalServer
  let redis: Redis
  beforeAll(async () => {
    primary = await startRedis({ settings: { 'repl-diskless-sync-delay': '0' } })
    replica = await startRedis({
      settings: { replicaof: `127.0.0.1 ${primary.port}`, 'enable-debug-command': 'yes' },
    })
    redis = new Redis(primary.url)
    const { promise, resolve } = deferred()
    const watch = setInterval(async () => {
      if (/^slave0:.*state=online/m.test(await redis.info('replication'))) resolve()
    }, 20)
    await promise
    clearInterval(watch)
  }, 60_000)
  afterAll(async () => {
    redis.disconnect()
    await replica.stop()
    await primary.stop()
  })

  it('answers once the replica has it, and does not know when there is none', async () => {
    const key = someAccount()
    const store = new RedisStore(redis, { waitForReplicas: { count: 1, timeoutMs: 5000 } })
    await openStore(store)
    const reader = new Redis(replica.url)
    const prepared = await store.prepareTopUp(termsOf(key), null)
    assert(prepared.type === 'prepared')
    const copy = new RedisStore(reader)
    const paid = { ...prepared.purchase, paymentIntentId: 'pi_1' }
    await store.credit(paid)
    assert.equal((await copy.account(key)).credited, 50_000)

    const asleep = reader.call('DEBUG', 'SLEEP', '2')
    const impatient = { waitForReplicas: { count: 1, timeoutMs: 50 } }
    const next = { ...paid, paymentIntentId: 'pi_2' }
    const unknown = { code: 'store_unavailable', message: /0 of 1 replicas/ }
    await assert.rejects(new RedisStore(redis, impatient).credit(next), unknown)
    // Asked again nothing is to be written, and another connection has nothing of its own to wait for.
    const another = new Redis(primary.url)
    await assert.rejects(new RedisStore(another, impatient).credit(next), unknown)
    await assert.rejects(new RedisStore(another, impatient).prepareTopUp(termsOf(key), null), unknown)
    await asleep
    const patient = new RedisStore(another, { waitForReplicas: { count: 1, timeoutMs: 20_000 } })
    assert.equal((await patient.credit(next)).type, 'already_credited')
    assert.equal((await copy.account(key)).credited, 100_000)
    another.disconnect()
    reader.disconnect()
  })
})

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
