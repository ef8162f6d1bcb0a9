import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { LocalServer } from './local-server.js'
import { startRedis } from './redis.js'

/** A Redis Cluster of our own: three masters, each with a replica. */
export interface RedisCluster {
  /** The masters first, then their replicas in the same order. */
  servers: readonly LocalServer[]
  /** Waits until every slot is served again and every node agrees. */
  settled(): Promise<void>
  stop(): Promise<void>
}

const SLOTS = 16_384
const MASTERS = 3
const POLL_MS = 20

/**
 * Starts six `redis-server` processes and makes a Cluster of them, in which a replica takes over after `nodeTimeoutMs`.
 *
 * @throws ServerNotFoundError when none is installed.
 */
export async function startRedisCluster({
  settings = {},
  nodeTimeoutMs = 15_000,
}: {
  settings?: Readonly<Record<string, string>>
  nodeTimeoutMs?: number
} = {}): Promise<RedisCluster> {
  const all = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': String(nodeTimeoutMs),
    // However long the link was down while the machine was busy, somebody takes over.
    'cluster-replica-validity-factor': '0',
    'repl-diskless-sync-delay': '0',
    ...settings,
  }
  const servers = await Promise.all(Array.from({ length: 2 * MASTERS }, () => startRedis({ settings: all })))
  const nodes = servers.map(({ url }) => new Redis(url, { retryStrategy: () => POLL_MS }))
  for (const node of nodes) node.on('error', () => {})
  const settled = async (): Promise<void> => {
    for (const node of nodes) while (!(await isSettled(node))) await sleep(POLL_MS)
  }
  await introduce(nodes)
  await settled()
  return {
    servers,
    settled,
    async stop() {
      for (const node of nodes) node.disconnect()
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

/** Gives each master its share of the slots and a replica. */
async function introduce(nodes: readonly Redis[]): Promise<void> {
  const [first] = nodes
  const share = Math.ceil(SLOTS / MASTERS)
  for (const [index, node] of nodes.entries()) {
    if (index < MASTERS)
      await node.call('CLUSTER', 'ADDSLOTSRANGE', index * share, Math.min(SLOTS, (index + 1) * share) - 1)
    if (node !== first) await node.call('CLUSTER', 'MEET', '127.0.0.1', first?.options.port ?? 0)
  }
  for (const [index, master] of nodes.slice(0, MASTERS).entries()) {
    const id = String(await master.call('CLUSTER', 'MYID'))
    const replica = nodes[MASTERS + index]
    while (!String(await replica?.call('CLUSTER', 'NODES')).includes(id)) await sleep(POLL_MS)
    await replica?.call('CLUSTER', 'REPLICATE', id)
  }
}

async function isSettled(node: Redis): Promise<boolean> {
  try {
    const info = String(await node.call('CLUSTER', 'INFO'))
    const role = String(await node.info('replication'))
    return (
      info.includes('cluster_state:ok') &&
      info.includes(`cluster_known_nodes:${2 * MASTERS}`) &&
      /^(slave0:.*state=online|master_link_status:up)/m.test(role)
    )
  } catch {
    return false
  }
}
