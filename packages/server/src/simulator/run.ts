import { isPurchaseId, type PurchaseId } from '@stripe402/core'
import { MemoryStore } from '../store/index.js'
import type { Door, Fault } from './fault.js'
import { planFaults } from './fault-plan.js'
import { createJudge, type Violation } from './judge.js'
import { purseOf } from './purse.js'
import { type Random, randomOf } from './random.js'
import { scenarioNamed } from './scenarios.js'
import { createSeam, type Passage } from './seam.js'
import { resourceAt, SETTINGS, WEBHOOK_SECRET } from './seller.js'
import { type SimulatedServer, startServer } from './simulated-server.js'
import type { Stage } from './stage.js'
import { createStripeModel, stripeForManyRuns } from './stripe-model.js'
import { createSweepClock } from './sweep-clock.js'
import { type Outcome, openTab } from './tab.js'
import { createTimeline } from './timeline.js'
import { createWebhooks } from './webhooks.js'

/** All that a run follows from. */
export interface RunSpec {
  scenario: string
  /** 0: everything takes as long as it should; else latencies, clocks and the choice of servers follow from it. */
  seed: number
  faults: readonly Fault[]
  /** How likely a fault is at each passage, beside those above; follows from the seed as well. */
  chance?: number
  /** Called with a line for each passage. */
  trace?: (line: string) => void
}

/** What came of a run. */
export interface RunResult {
  violations: readonly Violation[]
  passages: readonly Passage[]
  steps: number
  outcomes: readonly Outcome[]
  /** How often a card was charged. */
  charges: number
  /** Every fault that was met, so that the run can be told without a chance. */
  faults: readonly Fault[]
}

const MINUTE_MS = 60_000
/** An idle purchase is looked at after a minute, by a sweep that comes once a minute. */
const SWEPT_MS = 2 * MINUTE_MS + 5000
/** Past the life of a hold, and a sweep more. */
const EXPIRED_MS = SETTINGS.holdMs + 3 * MINUTE_MS
/** What a person left open at the bank is given up when the keys are too old. */
const GIVEN_UP_MS = 60 * 60 * MINUTE_MS
const MOST_STEPS = 20_000

const stripe = stripeForManyRuns()

/** Plays a scenario once. The same spec always comes to the same result; one run at a time. */
export async function run(spec: RunSpec): Promise<RunResult> {
  // Thousands of errors are part of every exploration, and nobody reads where they came from.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return await play(spec)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

async function play(spec: RunSpec): Promise<RunResult> {
  const scenario = scenarioNamed(spec.scenario)
  const timeline = createTimeline()
  const random = randomOf(spec.seed)
  const isSeeded = spec.seed !== 0
  const plan = planFaults(spec)
  const store = new MemoryStore({ clock: timeline.nowMs })
  const judge = createJudge({ store, timeline })
  const sweeps = createSweepClock(timeline)
  const newId = idMaker()
  let troubleUntilMs = 0

  function troubleUntil(atMs: number): void {
    if (atMs <= troubleUntilMs) return
    troubleUntilMs = atMs
    // When it is over, sweeps come every minute again.
    if (atMs > timeline.nowMs()) timeline.after(atMs - timeline.nowMs(), sweeps.wake)
    else sweeps.wake()
  }

  const seam = createSeam({
    timeline,
    faultAt: plan.faultAt,
    latencyMs: (door) => (isSeeded ? seededLatencyMs(random, door) : LATENCY_MS[door]),
    troubleUntil,
    trace: (line) => spec.trace?.(`${timeline.nowMs() - START_MS} ${line()}`),
  })
  const model = createStripeModel({
    local: stripe.local,
    seam,
    sleep: timeline.sleep,
    workMs: () => (isSeeded && random.chance(0.5) ? random.below(2000) : 0),
  })
  const servers: SimulatedServer[] = []
  let turn = 0
  const nextServer = (): SimulatedServer => {
    const server = servers[isSeeded ? random.below(servers.length) : turn++ % servers.length]
    if (!server) throw new RangeError('there is no server')
    return server
  }
  const webhooks = createWebhooks({
    timeline,
    secret: WEBHOOK_SECRET,
    nextServer,
    delayMs: () => (isSeeded ? random.pick([1, 300, 5000, 30 * MINUTE_MS]) : 300),
  })
  stripe.begin(timeline.nowMs, (event) => {
    spec.trace?.(`${timeline.nowMs() - START_MS} stripe: ${event.type}`)
    judge.stripeEvent(event)
    webhooks.send(event)
  })
  for (const name of ['A', 'B'])
    servers.push(
      startServer({
        name,
        skewMs: isSeeded ? (random.below(21) - 10) * MINUTE_MS : 0,
        settings: SETTINGS,
        store,
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
    purse: (cards, atTheBank) => purseOf({ local: stripe.local, timeline }, cards, atTheBank),
    newId,
    newPurchaseId: () => purchaseIdOf(newId()),
  }
  const outcomes: Outcome[] = []
  scenario.play(stage).forEach((visit, index) => {
    visit.then(
      (outcome) => {
        outcomes[index] = outcome
      },
      (error) => judge.violate('defect', String(error)),
    )
  })

  const isTooLong = (): boolean => seam.steps() > MOST_STEPS
  async function rest(ms: number): Promise<void> {
    await timeline.run(() => isTooLong() || timeline.isAtRest())
    const untilMs = (): number => Math.max(troubleUntilMs, startedMs) + ms
    const startedMs = timeline.nowMs()
    await timeline.run(() => isTooLong() || (timeline.isAtRest() && timeline.nextMs() > untilMs()))
  }
  sweeps.wake()
  await rest(0)
  if (plan.met.length === 0) await judge.undisturbed()
  sweeps.wake()
  if (!(await judge.isSettled())) await rest(SWEPT_MS)
  if (!(await judge.isSettled())) await rest(EXPIRED_MS)
  if (!(await judge.isSettled())) await rest(GIVEN_UP_MS)
  if (isTooLong()) judge.violate('liveness', `no rest after ${MOST_STEPS} steps`)
  await judge.atRest()
  if (judge.charges() > scenario.mostCharges)
    judge.violate('I4', `${judge.charges()} charges, at most ${scenario.mostCharges} were due`)
  for (const [index, expected] of scenario.outcomes.entries()) {
    const outcome = outcomes[index]
    if (outcome === undefined || outcome === 'unanswered')
      judge.violate('liveness', `visit ${index} has no end`)
    else if (plan.met.length === 0 && outcome !== expected && !(isSeeded && outcome === 'refused'))
      judge.violate('outcome', `visit ${index} was ${outcome}, not ${expected}`)
  }
  return {
    violations: judge.violations,
    passages: seam.passages(),
    steps: seam.steps(),
    outcomes,
    charges: judge.charges(),
    faults: plan.met,
  }
}

const START_MS = createTimeline().nowMs()

const LATENCY_MS: Readonly<Record<Door, number>> = {
  store: 1,
  stripe: 150,
  'stripe-read': 80,
  request: 5,
  reply: 5,
  webhook: 20,
}

/** Mostly short, sometimes longer than anybody waits. */
function seededLatencyMs(random: Random, door: Door): number {
  const usualMs = LATENCY_MS[door]
  const dice = random.next()
  if (dice < 0.8) return 1 + random.below(usualMs * 2)
  return dice < 0.97 ? random.below(usualMs * 20) : random.below(door === 'store' ? 8000 : 15_000)
}

function idMaker(): () => string {
  let count = 0
  return () => `00000000-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}`
}

function purchaseIdOf(id: string): PurchaseId {
  if (!isPurchaseId(id)) throw new TypeError(id)
  return id
}
