import type { Cluster, Redis } from 'ioredis'
import type { DueQuery, Purchase } from '../../store.js'
import { checkDue } from '../checked-input.js'
import { accountName, SHARDS, shardKeys } from './keys.js'
import { readPurchase, readReply } from './replies.js'
import { runScripts, type ScriptCall } from './script-runner.js'

/** Open purchases of all shards that are idle, oldest change first. */
export async function duePurchases(redis: Redis | Cluster, query: DueQuery): Promise<Purchase[]> {
  checkDue(query)
  const { idleMs, limit, after } = query
  const args = [idleMs, limit, after?.updatedAtMs ?? '', after ? memberOf(after) : '']
  const calls = SHARDS.map((shard): ScriptCall => {
    return { script: 'due', keys: [shardKeys(shard).due], args }
  })
  const shards = await runScripts(redis, calls)
  const purchases = shards.flatMap((shard) =>
    Array.isArray(shard) ? shard.map((fields) => readPurchase(readReply(fields))) : [],
  )
  return purchases.sort(byChange).slice(0, limit)
}

/** As the queue names it. */
function memberOf(purchase: Purchase): string {
  return `${accountName(purchase)}:${purchase.purchaseId}`
}

/** The order of the queue: by time, then by name, byte by byte. */
function byChange(one: Purchase, other: Purchase): number {
  return one.updatedAtMs - other.updatedAtMs || (memberOf(one) < memberOf(other) ? -1 : 1)
}
