import assert from 'node:assert/strict'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type RedisCluster, startRedisCluster } from '../../../../scripts/local-servers.js'
import { RedisStore } from '../store/index.js'
import { someAccount } from '../testing/contract/subject.js'
import { openStore } from '../testing/open-store.js'
import { startLoad } from './load.fixture.js'

const ROUNDS = process.env.STRIPE402_CRASH === 'long' ? 2000 : 300

describe('a Redis Cluster that loses a master under load', () => {
  let servers: RedisCluster
  let cluster: Cluster
  beforeAll(async () => {
    servers = await startRedisCluster({ settings: { appendfsync: 'no' }, nodeTimeoutMs: 1500 })
    cluster = new Cluster(servers.servers.map(({ port }) => ({ host: '127.0.0.1', port })))
    cluster.on('error', () => {})
  }, 60_000)
  afterAll(async () => {
    cluster.disconnect()
    await servers.stop()
  })

  it('keeps each credit that a replica confirmed, once, and is only unavailable meanwhile', async () => {
    const store = new RedisStore(cluster, { waitForReplicas: { count: 1, timeoutMs: 100 } })
    await openStore(store)
    const accounts = Array.from({ length: 24 }, () => someAccount())
    const load = startLoad(store, accounts, 12)
    await load.rounds(ROUNDS)

    const [victim, , , successor] = servers.servers
    assert(victim && successor)
    const killedAtMs = performance.now()
    await victim.kill()
    const witness = new Redis(successor.url)
    while (!/^role:master/m.test(await witness.info('replication')));
    witness.disconnect()
    const downMs = performance.now() - killedAtMs
    // Until the shard has a replica again nobody can confirm its credits; the others go on.
    await victim.restart()
    await servers.settled()
    await load.rounds(ROUNDS)
    await load.stop()

    let lostSpends = 0
    for (const [key, acknowledged] of load.acknowledged) {
      const { credited, available, held, spent } = await store.account(key)
      assert.equal(credited, acknowledged.credited)
      assert.equal(available + held + spent, credited)
      assert(spent <= acknowledged.spent, `spent ${spent}, acknowledged ${acknowledged.spent}`)
      lostSpends += acknowledged.spent - spent
    }
    assert.deepEqual((await store.audit()).breaks, [])
    console.log(
      `taken over after ${Math.round(downMs)} ms; told "unavailable" ${load.unavailable()} times; ${lostSpends} spends forgotten`,
    )
  }, 180_000)
})
