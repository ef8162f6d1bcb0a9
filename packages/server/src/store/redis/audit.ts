import { isClientId } from '@stripe402/core'
import type { Cluster, Redis } from 'ioredis'
import type { AuditedAccount, AuditReport } from '../../store.js'
import { type AuditUnderWay, auditAccount, beginAudit } from '../audit-rules.js'
import { SHARDS, shardKeys } from './keys.js'
import { readInteger, readReply, unexpected } from './replies.js'
import { runScript } from './script-runner.js'

/** So many accounts per script keep it below a few milliseconds. */
const PAGE = 500

/** Audits shard after shard, each page of accounts at one moment. */
export async function auditShards(
  redis: Redis | Cluster,
  visit?: (account: AuditedAccount) => void,
): Promise<AuditReport> {
  const audit = beginAudit(visit)
  await Promise.all(SHARDS.map((shard) => auditShard(redis, shard, audit)))
  return audit.report
}

async function auditShard(redis: Redis | Cluster, shard: string, audit: AuditUnderWay): Promise<void> {
  const { accounts, holds, due } = shardKeys(shard)
  let start = '-'
  for (;;) {
    const page = await runScript(redis, {
      script: 'audit',
      keys: [accounts, holds, due],
      args: [start, PAGE],
    })
    if (!Array.isArray(page)) throw unexpected()
    for (const row of page) {
      const [name, ...numbers] = readReply(row)
      start = `(${name}`
      const [clientId = '', currency = ''] = String(name).split(':')
      if (!isClientId(clientId)) throw unexpected()
      auditAccount(audit, {
        clientId,
        currency,
        credited: readInteger(numbers[0]),
        available: readInteger(numbers[1]),
        held: readInteger(numbers[2]),
        spent: readInteger(numbers[3]),
        debited: readInteger(numbers[4]),
        heldByOperations: readInteger(numbers[5]),
        openPurchases: readInteger(numbers[6]),
        overdueMs: readInteger(numbers[7]),
      })
    }
    if (page.length < PAGE) return
  }
}
