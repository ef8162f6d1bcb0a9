import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import { PostgresStore, RedisStore } from '../store/index.js'
import type { Store } from '../store.js'
import { type Bundle, bundle } from './bundle.fixture.js'
import {
  killAndWait,
  killAtEveryPoint,
  killTwice,
  type LaneReport,
  type Rescue,
} from './crash-lane.fixture.js'
import { JOURNEYS, type Journey, type StoreAddress } from './job.fixture.js'

/** `npm run test:crash` tries every journey, and kills whoever comes to the rescue as well. */
const isLong = process.env.STRIPE402_CRASH === 'long'
const TIMEOUT_MS = 1_800_000

type Kind = StoreAddress['kind']
const QUICK: [Kind, Journey, Rescue][] = [
  ['redis', 'purchase', 'client'],
  ['redis', 'spend', 'client'],
  ['redis', 'failed handler', 'sweeper'],
  ['redis', 'top-up', 'sweeper'],
  ['postgres', 'purchase', 'sweeper'],
  ['postgres', 'spend', 'sweeper'],
  ['postgres', 'failed handler', 'client'],
  ['postgres', 'bank check', 'client'],
]
const ALL = (['redis', 'postgres'] as const).flatMap((kind) =>
  JOURNEYS.flatMap((journey) =>
    (['client', 'sweeper'] as const).map((rescue): [Kind, Journey, Rescue] => [kind, journey, rescue]),
  ),
)
const LANES = isLong ? ALL : QUICK
/** Some points of a purchase. To die after one step and before the next leaves the same behind. */
const FIRST_KILLS = isLong ? Array.from({ length: 6 }, (_, index) => 6 * index + 2) : []

describe('a process that is killed', () => {
  let redis: LocalServer
  let postgres: LocalServer
  let pool: pg.Pool
  let victim: Bundle
  const reports: LaneReport[] = []
  let lanes = 0
  beforeAll(async () => {
    const started = await Promise.all([
      startRedis({ settings: { appendfsync: 'no', databases: '256' } }),
      startPostgres({ settings: { fsync: 'off' } }),
      bundle('victim.fixture.ts'),
    ])
    ;[redis, postgres, victim] = started
    pool = new pg.Pool({ connectionString: postgres.url })
    pool.on('error', () => {})
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await Promise.all([redis.stop(), postgres.stop(), victim.remove()])
  })

  function note(report: LaneReport): void {
    reports.push(report)
    if (!isLong) return
    const kills = reports.reduce((sum, { kills }) => sum + kills, 0)
    const slowestMs = Math.max(...reports.map(({ slowestMs }) => slowestMs))
    console.log(`${kills} kills so far; the slowest rescue took ${Math.round(slowestMs)} ms`)
  }

  /** A database that no other lane uses. */
  async function inDatabase(
    kind: Kind,
    run: (place: { address: StoreAddress; store: Store; file: string }) => Promise<LaneReport>,
  ): Promise<LaneReport> {
    const { file } = victim
    lanes += 1
    let connection: Redis | undefined
    try {
      if (kind === 'postgres') {
        const schema = `lane_${lanes}`
        const store = new PostgresStore(pool, { schema })
        return await run({ address: { kind, url: postgres.url, schema }, store, file })
      }
      const url = `${redis.url}/${lanes}`
      connection = new Redis(url)
      return await run({ address: { kind, url }, store: new RedisStore(connection), file })
    } finally {
      connection?.disconnect()
    }
  }

  for (const [kind, journey, rescue] of LANES)
    it.concurrent(
      `is made good by the ${rescue}, whatever point of a ${journey} over ${kind} it dies at`,
      async () => {
        const report = await inDatabase(kind, (place) => killAtEveryPoint({ ...place, journey, rescue }))
        assert(report.kills >= 4, `${report.kills} kills`)
        assert.equal(new Set(report.points).size > 1, true)
        assert(report.slowestMs < 60_000)
        note(report)
      },
      TIMEOUT_MS,
    )

  for (const firstKillAt of FIRST_KILLS)
    for (const kind of ['redis', 'postgres'] as const)
      for (const rescue of ['client', 'sweeper'] as const)
        it.concurrent(
          `is made good when the ${rescue} that comes after point ${firstKillAt} over ${kind} dies too`,
          async () => {
            const lane = { journey: 'purchase', rescue, firstKillAt } as const
            const report = await inDatabase(kind, (place) => killTwice({ ...place, ...lane }))
            assert(report.slowestMs < 60_000)
            note(report)
          },
          TIMEOUT_MS,
        )

  for (const kind of isLong ? (['redis', 'postgres'] as const) : [])
    it.concurrent(
      `is made good within a minute by a server that nobody asks, over ${kind}`,
      async () => {
        const lane = { journey: 'purchase', rescue: 'sweeper' } as const
        const report = await inDatabase(kind, (place) => killAndWait({ ...place, ...lane }))
        assert(report.slowestMs < 60_000, `${report.slowestMs} ms`)
        note(report)
      },
      TIMEOUT_MS,
    )
})
