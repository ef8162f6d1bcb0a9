import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pg from 'pg'
import { createStripe402, type Stripe402 } from '../create-stripe402.js'
import { PostgresStore, RedisStore } from '../store/index.js'
import type { Store } from '../store.js'
import { crashPoints } from './crash-points.fixture.js'
import { runErrand } from './errand.fixture.js'
import type { Job, JobEnd, Surroundings, Visit } from './job.fixture.js'
import { watchedStripe, watchPool, watchRedis, watchStore } from './watched-io.fixture.js'

/* A process that is made to be killed: a shop with the real engine and a real store, which does one job after another. */

const surroundings: Surroundings = JSON.parse(process.env.STRIPE402_SURROUNDINGS ?? '{}')
const points = crashPoints()
const store = watchStore(openStore(surroundings), points)
const stripe = watchedStripe(surroundings, points)

process.on('message', (job: Job) => {
  void run(job).then((end) => process.send?.(end))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function run({ task, visit, killAt }: Job): Promise<JobEnd> {
  const engine = shopOf(visit)
  points.arm(killAt)
  const unwatched = async <T>(step: () => Promise<T>): Promise<T> => {
    points.arm(0)
    const result = await step()
    points.arm(killAt)
    return result
  }
  const outcome =
    task === 'visit'
      ? await runErrand(engine, surroundings, visit, { unwatched })
      : await sweepUntilDone(engine)
  const passed = points.passed()
  await engine.close()
  return { outcome, points: passed }
}

function shopOf({ secret, holdMs }: Visit): Stripe402 {
  return createStripe402({
    stripe,
    publishableKey: surroundings.stripe.publishableKey,
    secret,
    store,
    holdMs,
    sweepEveryMs: 0,
    // Whoever comes after a killed process need not wait for it.
    takeOverMs: 30,
    logger: { warn() {}, error() {} },
  })
}

/** Until no purchase is open and no units are held: every account's holds are back or spent. */
async function sweepUntilDone(engine: Stripe402): Promise<string> {
  await engine.start()
  for (;;) {
    const { purchasesStillOpen } = await engine.sweep()
    const { totals } = await store.audit()
    const held = Object.values(totals).reduce((sum, total) => sum + total.held, 0)
    if (purchasesStillOpen === 0 && held === 0) return 'swept'
    await sleep(20)
  }
}

function openStore({ store: address }: Surroundings): Store {
  if (address.kind === 'redis') return new RedisStore(watchRedis(new Redis(address.url), points))
  const pool = new pg.Pool({ connectionString: address.url, max: 2 })
  return new PostgresStore(watchPool(pool, points), { schema: address.schema })
}
