import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { PostgresStore, RedisStore } from '../store/index.js'
import type { AccountKey, HoldRequest, Store } from '../store.js'
import { openStore } from '../testing/open-store.js'
import type { StoreAddress } from './job.fixture.js'

/** What a process of a crowd is told to do: start its store, then spend one unit so often, all at once. */
export interface CrowdTask {
  address: StoreAddress
  key: AccountKey
  spends: number
}

/** What it saw. */
export interface CrowdResult {
  held: number
  insufficient: number
  captured: number
}

/* A server process among several that share one store. */

process.on('message', (task: CrowdTask) => {
  void spendAll(task).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function spendAll({ address, key, spends }: CrowdTask): Promise<CrowdResult> {
  const store = open(address)
  await openStore(store)
  const requests = Array.from({ length: spends }, () => spendOf(key))
  const holds = await Promise.all(requests.map((request) => store.hold(request)))
  const held = requests.filter((_, index) => holds[index]?.type === 'held')
  const captures = await store.capture(held)
  return {
    held: held.length,
    insufficient: holds.filter(({ type }) => type === 'insufficient').length,
    captured: captures.filter(({ type }) => type === 'captured').length,
  }
}

function spendOf(key: AccountKey): HoldRequest {
  return {
    ...key,
    operationId: randomUUID(),
    runId: randomUUID(),
    fingerprint: 'GET /api/weather',
    units: 1,
    resource: 'GET /api/weather',
    holdMs: 600_000,
    rememberMs: 600_000,
  }
}

function open(address: StoreAddress): Store {
  if (address.kind === 'redis') return new RedisStore(new Redis(address.url))
  return new PostgresStore(new pg.Pool({ connectionString: address.url, max: 5 }), { schema: address.schema })
}
