import assert from 'node:assert/strict'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startRedis } from '../../../../../scripts/local-servers.js'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { storeContract } from '../../testing/index.js'
import { RedisStore } from './redis-store.js'

const SLOTS = 16_384
const HISTORY_LIMIT = 50

describe('RedisStore on a Cluster', () => {
  const servers: LocalServer[] = []
  let cluster: Cluster
  beforeAll(async () => {
    const settings = { 'cluster-enabled': 'yes', appendfsync: 'no' }
    servers.push(...(await Promise.all([1, 2, 3].map(() => startRedis({ settings })))))
    const nodes = servers.map(({ url }) => new Redis(url))
    await join(nodes)
    for (const node of nodes) node.disconnect()
    cluster = new Cluster(servers.map(({ port }) => ({ host: '127.0.0.1', port })))
    await cluster.ping()
  }, 60_000)
  afterAll(async () => {
    cluster.disconnect()
    await Promise.all(servers.map((server) => server.stop()))
  })

  storeContract(
    { describe, it },
    async () => {
      const wipe = async (): Promise<void> => {
        await Promise.all(cluster.nodes('master').map((node) => node.flushall()))
      }
      await wipe()
      const store = new RedisStore(cluster, { historyLimit: HISTORY_LIMIT })
      await store.start()
      await store.open()
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
    const reading = new Cluster([{ host: '127.0.0.1', port: servers[0]?.port ?? 0 }], { scaleReads: 'slave' })
    await assert.rejects(new RedisStore(reading).start(), { setting: 'scaleReads' })
    reading.disconnect()
  })

  it('is blank once one node has lost its data', async () => {
    const store = new RedisStore(cluster)
    await store.open()
    assert.equal(await store.start(), 'ready')
    await cluster.nodes('master')[1]?.flushall()
    assert.equal(await store.start(), 'blank')
  })

  it('waits for replicas on the node of the shard', async () => {
    const store = new RedisStore(cluster, { waitForReplicas: { count: 1, timeoutMs: 10 } })
    const credit = { ...someAccount(), paymentIntentId: 'pi_1', units: 1, purchaseId: null }
    await assert.rejects(store.credit(credit), { message: /0 of 1 replicas/ })
  })
})

describe('RedisStore behind one connection to servers that refuse scripts over several shards', () => {
  it('sends a script for each shard', async () => {
    const server = await startRedis({ settings: { 'cluster-enabled': 'yes', appendfsync: 'no' } })
    const redis = new Redis(server.url)
    try {
      await join([redis])
      const store = new RedisStore(redis)
      await store.start()
      await store.open()
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

/** Gives each node its share of the slots and introduces the nodes to each other. */
async function join(nodes: Redis[]): Promise<void> {
  const [first] = nodes
  const share = Math.ceil(SLOTS / nodes.length)
  for (const [index, node] of nodes.entries()) {
    const last = Math.min(SLOTS, (index + 1) * share) - 1
    await node.call('CLUSTER', 'ADDSLOTSRANGE', index * share, last)
    if (node !== first) await node.call('CLUSTER', 'MEET', '127.0.0.1', first?.options.port ?? 0)
  }
  for (const node of nodes)
    for (;;) {
      const info = String(await node.call('CLUSTER', 'INFO'))
      if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`)) break
    }
}
