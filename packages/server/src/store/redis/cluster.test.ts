import assert from 'node:assert/strict'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type RedisCluster, startRedis, startRedisCluster } from '../../../../../scripts/local-servers.js'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { storeContract } from '../../testing/index.js'
import { openStore } from '../../testing/open-store.js'
import { RedisStore } from './redis-store.js'

const HISTORY_LIMIT = 50

describe('RedisStore on a Cluster', () => {
  let servers: RedisCluster
  let cluster: Cluster
  beforeAll(async () => {
    servers = await startRedisCluster({ settings: { appendfsync: 'no' } })
    cluster = new Cluster(servers.servers.map(({ port }) => ({ host: '127.0.0.1', port })))
    await cluster.ping()
  }, 60_000)
  afterAll(async () => {
    cluster.disconnect()
    await servers.stop()
  })

  storeContract(
    { describe, it },
    async () => {
      const wipe = async (): Promise<void> => {
        await Promise.all(cluster.nodes('master').map((node) => node.flushall()))
      }
      await wipe()
      const store = new RedisStore(cluster, { historyLimit: HISTORY_LIMIT })
      await openStore(store)
      return { store, wipe, stop: async () => {} }
    },
    { historyLimit: HISTORY_LIMIT },
  )

  it('answers the holds of one turn in many shards', async () => {
    const store = new RedisStore(cluster)
    const keys = Array.from({ length: 50 }, () => someAccount())
    for (const key of keys)
      await store.credit({ ...key, paymentIntentId: 'pi_1', units: 100, purchaseId: null })
    const wishes = keys.map((key) => holdOf(key))
    const held = await Promise.all(wishes.map((wish) => store.hold(wish)))
    assert.deepEqual(
      held.map(({ type, account }) => [type, account.clientId]),
      keys.map(({ clientId }) => ['held', clientId]),
    )
    assert.deepEqual([...new Set((await store.capture(wishes)).map(({ type }) => type))], ['captured'])
  })

  it('refuses to read from replicas', async () => {
    const reading = new Cluster([{ host: '127.0.0.1', port: servers.servers[0]?.port ?? 0 }], {
      scaleReads: 'slave',
    })
    await assert.rejects(new RedisStore(reading).start(), { setting: 'scaleReads' })
    reading.disconnect()
  })

  it('is blank once one node has lost its data', async () => {
    const store = new RedisStore(cluster)
    await openStore(store)
    assert.equal((await store.start()).type, 'ready')
    await cluster.nodes('master')[1]?.flushall()
    assert.equal((await store.start()).type, 'blank')
  })

  it('waits for replicas on the node of the shard', async () => {
    const credit = { ...someAccount(), paymentIntentId: 'pi_1', units: 1, purchaseId: null }
    const twice = new RedisStore(cluster, { waitForReplicas: { count: 2, timeoutMs: 10 } })
    await assert.rejects(twice.credit(credit), { message: /1 of 2 replicas/ })
    const once = new RedisStore(cluster, { waitForReplicas: { count: 1, timeoutMs: 10_000 } })
    assert.equal((await once.credit(credit)).type, 'already_credited')
  })

  it('follows a shard that has moved to another node, waiting for replicas or not', async () => {
    const key = someAccount()
    const paid = { ...key, units: 100, purchaseId: null }
    const store = new RedisStore(cluster, { waitForReplicas: { count: 1, timeoutMs: 10_000 } })
    await store.credit({ ...paid, paymentIntentId: 'pi_1' })
    for (const { port } of servers.servers.slice(3)) {
      const replica = new Redis(port)
      await replica.call('CLUSTER', 'FAILOVER')
      while (!/^role:master/m.test(await replica.info('replication')));
      replica.disconnect()
    }
    await store.credit({ ...paid, paymentIntentId: 'pi_2' })
    assert.equal((await store.hold(holdOf(key))).type, 'held')
    assert.equal((await store.account(key)).available, 100)
  })

  it('names the mend when it is given a connection to one node', async () => {
    const node = new Redis(servers.servers[0]?.url ?? '')
    await assert.rejects(new RedisStore(node).start(), { code: 'store_unavailable', message: /new Cluster/ })
    node.disconnect()
  })
})

describe('RedisStore behind one connection to servers that refuse scripts over several shards', () => {
  it('sends a script for each shard', async () => {
    const server = await startRedis({ settings: { 'cluster-enabled': 'yes', appendfsync: 'no' } })
    const redis = new Redis(server.url)
    try {
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
      while (!String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
      const store = new RedisStore(redis)
      await openStore(store)
      const keys = [someAccount(), someAccount(), someAccount()]
      for (const key of keys)
        await store.credit({ ...key, paymentIntentId: 'pi_1', units: 100, purchaseId: null })
      const wishes = keys.map((key) => holdOf(key))
      const held = await Promise.all(wishes.map((wish) => store.hold(wish)))
      assert.deepEqual(
        held.map(({ type }) => type),
        ['held', 'held', 'held'],
      )
      assert.deepEqual(
        (await store.capture(wishes)).map(({ type }) => type),
        ['captured', 'captured', 'captured'],
      )
    } finally {
      redis.disconnect()
      await server.stop()
    }
  })
})
