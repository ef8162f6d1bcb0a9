import type { Clocks } from './clocks.js'
import { openDeviceTab } from './device-tab.js'
import { createDisk } from './disk.js'
import type { FaultPlan } from './fault-plan.js'
import { createJudge, type Judge } from './judge.js'
import { purseOf } from './purse.js'
import type { Random } from './random.js'
import { createSeam, type Seam } from './seam.js'
import { resourceAt, SETTINGS, WEBHOOK_SECRET } from './seller.js'
import { type SimulatedServer, startServer } from './simulated-server.js'
import type { Stage } from './stage.js'
import { createStripeModel, stripeForManyRuns } from './stripe-model.js'
import { createSweepClock } from './sweep-clock.js'
import { openTab, purchaseIdOf, requestIdOf } from './tab.js'
import { createTimeline, type Timeline } from './timeline.js'
import { createWebhooks } from './webhooks.js'

/** A seller with two servers, a store and Stripe, and whoever comes to buy. */
export interface World {
  timeline: Timeline
  seam: Seam
  judge: Judge
  stage: Stage
  /** From this moment on everything is in order again, as far as faults go. */
  troubleUntilMs(): number
  /** Lets sweeps come every minute again. */
  wake(): void
  /** The seller compares the store with Stripe, as often as it takes. */
  reconcile(): void
}

/** What decides how a world goes. */
export interface WorldParts {
  random: Random
  clocks: Clocks
  plan: FaultPlan
  trace(line: () => string): void
}

const RECONCILE_AFTER_MS = 10 * 60_000
/** Nobody leaves a closed shop alone for longer, however often it was in vain. */
const RECONCILE_AT_LEAST_MS = 60 * 60_000
const stripe = stripeForManyRuns()

/** Makes a world; the one before it ends with that. */
export function createWorld({ random, clocks, plan, trace }: WorldParts): World {
  const timeline = createTimeline()
  const startMs = timeline.nowMs()
  const disk = createDisk(timeline)
  const judge = createJudge({ disk, timeline, local: stripe.local })
  const sweeps = createSweepClock(timeline)
  const newId = idMaker()
  const say = (line: () => string): void => trace(() => `${timeline.nowMs() - startMs} ${line()}`)
  let untilMs = 0

  function troubleUntil(atMs: number): void {
    if (atMs <= untilMs) return
    untilMs = atMs
    // When it is over, sweeps come every minute again.
    if (atMs > timeline.nowMs()) timeline.after(atMs - timeline.nowMs(), sweeps.wake)
    else sweeps.wake()
  }

  const seam = createSeam({
    timeline,
    faultAt: plan.faultAt,
    latencyMs: clocks.latencyMs,
    troubleUntil,
    trace: say,
  })
  const model = createStripeModel({
    local: stripe.local,
    seam,
    sleep: timeline.sleep,
    workMs: clocks.workMs,
  })
  const servers: SimulatedServer[] = []
  function nextServer(): SimulatedServer {
    const server = servers[clocks.server(servers.length)]
    if (!server) throw new RangeError('there is no server')
    return server
  }

  function reconcile(afterMs: number = RECONCILE_AFTER_MS): void {
    troubleUntil(timeline.nowMs() + afterMs)
    timeline.after(afterMs, () => {
      nextServer()
        .reconcile()
        .catch(() => reconcile(Math.min(afterMs * 4, RECONCILE_AT_LEAST_MS)))
    })
  }

  function lose(writes: number): void {
    disk.lose(writes)
    judge.lost(writes === Number.POSITIVE_INFINITY)
    reconcile()
  }

  const { webhookDelayMs: delayMs } = clocks
  const webhooks = createWebhooks({ timeline, secret: WEBHOOK_SECRET, nextServer, delayMs })
  stripe.begin(timeline.nowMs, (event) => {
    say(() => `stripe: ${event.type}`)
    judge.stripeEvent(event)
    webhooks.send(event)
  })
  for (const name of ['A', 'B'])
    servers.push(
      startServer({
        name,
        skewMs: clocks.skewMs(),
        // One sweeper is enough where everything has its turn; under seeds they meet.
        settings: clocks.isEverybodySweeping || name === 'A' ? SETTINGS : { ...SETTINGS, sweepEveryMs: 0 },
        disk,
        lose,
        stripe: model,
        seam,
        timeline,
        sweeps,
        judge,
        newId,
        resource: (url) => resourceAt(url, timeline),
        troubleUntil,
      }),
    )

  const stage: Stage = {
    timeline,
    random,
    local: stripe.local,
    openTab: () => openTab({ timeline, newId, nextServer }),
    openDeviceTab: () => openDeviceTab({ timeline, newId, nextServer }),
    purse: (cards, atTheBank) => purseOf({ local: stripe.local, timeline }, cards, atTheBank),
    newId,
    newPurchaseId: () => purchaseIdOf(newId()),
    newRequestId: () => requestIdOf(newId()),
    charged: judge.charged,
  }
  return {
    timeline,
    seam,
    judge,
    stage,
    troubleUntilMs: () => untilMs,
    wake: sweeps.wake,
    reconcile: () => reconcile(),
  }
}

function idMaker(): () => string {
  let count = 0
  return () => `00000000-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}`
}
