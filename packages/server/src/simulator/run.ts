import { seededClocks, usualClocks } from './clocks.js'
import type { Fault } from './fault.js'
import { planFaults } from './fault-plan.js'
import type { Violation } from './judge.js'
import { randomOf } from './random.js'
import { scenarioNamed } from './scenarios.js'
import type { Passage } from './seam.js'
import { SETTINGS } from './seller.js'
import type { Outcome } from './tab.js'
import { createWorld, type World } from './world.js'

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
/** An idle purchase is looked at by the next sweep; they grow rarer while nothing happens. */
const SWEPT_MS = 2 * MINUTE_MS + 5000
/** Past the life of a hold, and a sweep more. */
const EXPIRED_MS = SETTINGS.holdMs + 3 * MINUTE_MS
/** What a person left open at the bank is given up when the keys are too old. */
const GIVEN_UP_MS = 60 * 60 * MINUTE_MS
/** What has not come to rest by then never will; a thousand copies that try again take longer than one. */
const MOST_STEPS = { ofAStory: 20_000, ofAVisit: 100 }

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

async function play({ trace, ...spec }: RunSpec): Promise<RunResult> {
  const scenario = scenarioNamed(spec.scenario)
  const random = randomOf(spec.seed)
  const plan = planFaults(spec)
  const isUndisturbed = (): boolean => plan.met.length === 0
  const world = createWorld({
    random,
    clocks: spec.seed === 0 ? usualClocks() : seededClocks(random),
    plan,
    trace: (line) => trace?.(line()),
  })
  const { judge, seam } = world
  const outcomes: Outcome[] = []
  const visits = scenario.play(world.stage)
  visits.forEach((visit, index) => {
    visit.then(
      (outcome) => {
        outcomes[index] = outcome
      },
      (error) => judge.violate('defect', String(error)),
    )
  })

  const mostSteps = MOST_STEPS.ofAStory + MOST_STEPS.ofAVisit * visits.length
  await settle(world, mostSteps, async () => {
    if (isUndisturbed()) await judge.undisturbed()
  })
  judge.checkCharges(scenario.mostCharges)
  const hasLost = plan.met.some(({ kind }) => /^(wipe|lose-)/.test(kind))
  const wrong = hasLost ? null : (scenario.wrong?.(world.stage, outcomes) ?? null)
  if (wrong !== null) judge.violate('kept card', wrong)
  for (const [index, expected] of scenario.outcomes.entries()) {
    const outcome = outcomes[index]
    if (outcome === undefined || outcome === 'unanswered')
      judge.violate('liveness', `visit ${index} has no end`)
    // Under odd clocks a person may run out of patience, and a webhook may come after the next page.
    else if (isUndisturbed() && outcome !== expected && (spec.seed === 0 || outcome === 'left'))
      judge.violate('outcome', `visit ${index} was ${outcome}, not ${expected}`)
  }
  return {
    violations: judge.violations,
    passages: seam.passages(),
    steps: seam.steps(),
    outcomes,
    charges: judge.charged().length,
    faults: plan.met,
  }
}

/** Waits until everybody has gone home, as long as it takes and no longer than it may take; then everything must hold. */
async function settle(world: World, mostSteps: number, undisturbed: () => Promise<void>): Promise<void> {
  const { timeline, seam, judge } = world
  const isTooLong = (): boolean => seam.steps() > mostSteps
  const isQuiet = (): boolean => isTooLong() || timeline.isAtRest()

  async function rest(ms: number): Promise<void> {
    await timeline.run(isQuiet)
    const startedMs = timeline.nowMs()
    const untilMs = (): number => Math.max(world.troubleUntilMs(), startedMs) + ms
    await timeline.run(() => isQuiet() && (isTooLong() || timeline.nextMs() > untilMs()))
  }

  await rest(0)
  await undisturbed()
  world.wake()
  for (const ms of [SWEPT_MS, EXPIRED_MS, GIVEN_UP_MS]) {
    if (await judge.isSettled()) break
    await rest(ms)
  }
  // What no webhook told and no sweep can find is left to the seller's daily look.
  if (judge.mayNeedReconciling() && !(await judge.isSettled())) {
    world.reconcile()
    await rest(SWEPT_MS)
  }
  if (isTooLong()) judge.violate('liveness', `no rest after ${mostSteps} steps`)
  await judge.atRest()
}
