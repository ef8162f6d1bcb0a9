import type { Cluster, Redis } from 'ioredis'
import type { DueQuery, Purchase } from '../../store.js'
import { checkDue } from '../checked-input.js'
import { accountName, SHARDS, shardKeys } from './keys.js'
import { readPurchase, readReply, unexpected } from './replies.js'
import { runScripts, type ScriptCall } from './script-runner.js'

/** What of one shard's queue has been read. */
interface ShardQueue {
  shard: string
  found: Purchase[]
  /** The last one that was read, or behind which the page begins. */
  last: Purchase | undefined
  hasMore: boolean
}

/** Open purchases of all shards that are idle, oldest change first. */
export async function duePurchases(redis: Redis | Cluster, query: DueQuery): Promise<Purchase[]> {
  checkDue(query)
  const { idleMs, limit, after } = query
  const queues = SHARDS.map((shard): ShardQueue => ({ shard, found: [], last: after, hasMore: true }))
  // A page from each shard would be read 256 times. Few shards hold half as many again as their share of it.
  let most = Math.min(limit, Math.ceil((limit * 1.5) / SHARDS.length) + 1)
  let waiting = queues
  let page: Purchase[] = []
  while (waiting.length > 0) {
    await readOn(redis, waiting, { idleMs, most })
    page = queues
      .flatMap(({ found }) => found)
      .sort(byChange)
      .slice(0, limit)
    const end = page.length < limit ? undefined : page.at(-1)
    waiting = queues.filter(({ hasMore, last }) => hasMore && !(end && last && byChange(last, end) >= 0))
    most = Math.min(limit, most * 2)
  }
  return page
}

/** Reads so many more of each queue. */
async function readOn(
  redis: Redis | Cluster,
  queues: readonly ShardQueue[],
  { idleMs, most }: { idleMs: number; most: number },
): Promise<void> {
  const calls = queues.map(({ shard, last }): ScriptCall => {
    const args = [idleMs, most, last?.updatedAtMs ?? '', last ? memberOf(last) : '']
    return { script: 'due', keys: [shardKeys(shard).due], args }
  })
  const replies = await runScripts(redis, calls)
  for (const [at, queue] of queues.entries()) {
    const reply = replies[at]
    if (!Array.isArray(reply)) throw unexpected()
    const purchases = reply.map((fields) => readPurchase(readReply(fields)))
    queue.found.push(...purchases)
    queue.last = purchases.at(-1) ?? queue.last
    queue.hasMore = purchases.length === most
  }
}

/** As the queue names it. */
function memberOf(purchase: Purchase): string {
  return `${accountName(purchase)}:${purchase.purchaseId}`
}

/** The order of the queue: by time, then by name, byte by byte. */
function byChange(one: Purchase, other: Purchase): number {
  return one.updatedAtMs - other.updatedAtMs || compare(memberOf(one), memberOf(other))
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
