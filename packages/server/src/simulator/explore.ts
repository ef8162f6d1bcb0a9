import { type Fault, kindsFor } from './fault.js'
import type { Violation } from './judge.js'
import { type RunResult, type RunSpec, run } from './run.js'
import type { Passage } from './seam.js'
import { serializeSpec } from './spec-text.js'

/** What many runs came to. */
export interface Tally {
  runs: number
  /** Passages through doors, all runs together. */
  steps: number
  /** Told apart by what they broke; a few of them, each with the command that plays it again. */
  failures: string[]
  failed: number
  /** Charges → in how many runs. */
  charges: Map<number, number>
}

/** A few are enough to begin with. */
const MOST_TOLD = 3

/** Begins to count. */
export function emptyTally(): Tally {
  return { runs: 0, steps: 0, failures: [], failed: 0, charges: new Map() }
}

/** Plays a run and counts it. */
async function tryOut(tally: Tally, spec: RunSpec): Promise<RunResult> {
  const result = await run(spec)
  tally.runs += 1
  tally.steps += result.steps
  tally.charges.set(result.charges, (tally.charges.get(result.charges) ?? 0) + 1)
  if (result.violations.length > 0) {
    tally.failed += 1
    if (tally.failures.length < MOST_TOLD) tally.failures.push(await tell({ ...spec, ...named(result) }))
  }
  return result
}

/** Every fault at every passage of the run in which nothing goes wrong, one at a time. */
export async function trySingles(
  tally: Tally,
  scenario: string,
): Promise<{ fault: Fault; result: RunResult }[]> {
  const undisturbed = await tryOut(tally, { scenario, seed: 0, faults: [] })
  const tried: { fault: Fault; result: RunResult }[] = []
  for (const fault of faultsAt(undisturbed.passages))
    tried.push({ fault, result: await tryOut(tally, { scenario, seed: 0, faults: [fault] }) })
  return tried
}

/**
 * Every pair of faults, the second one at any later passage of the run that the first one leads to; when there are more
 * than `most`, so many of them, evenly spread. Returns how many were tried.
 */
export async function tryPairs(tally: Tally, scenario: string, most: number): Promise<number> {
  const firsts = (await trySingles(emptyTally(), scenario)).map(({ fault, result }) => ({
    fault,
    seconds: faultsAt(result.passages.filter(({ at }) => at > fault.at)),
  }))
  const all = firsts.reduce((sum, { seconds }) => sum + seconds.length, 0)
  let seen = 0
  let tried = 0
  for (const { fault, seconds } of firsts)
    for (const second of seconds) {
      seen += 1
      // The next one is due when the pairs so far call for it.
      if (tried * all >= seen * most) continue
      tried += 1
      await tryOut(tally, { scenario, seed: 0, faults: [fault, second] })
    }
  return tried
}

/** Seeds `from` up to, but without, `to`: each an interleaving of its own, with faults by chance if there is one. */
export async function trySeeds(
  tally: Tally,
  scenario: string,
  { from, to, chance = 0 }: { from: number; to: number; chance?: number },
): Promise<void> {
  for (let seed = from; seed < to; seed += 1) await tryOut(tally, { scenario, seed, faults: [], chance })
}

function faultsAt(passages: readonly Passage[]): Fault[] {
  return passages.flatMap(({ at, door }) => kindsFor(door).map((kind) => ({ at, kind })))
}

function named({ faults }: RunResult): Pick<RunSpec, 'faults' | 'chance'> {
  return { faults, chance: 0 }
}

/** Drops what the failure does not need, then tells it with its trace and the command that plays it again. */
export async function tell(spec: RunSpec): Promise<string> {
  let least = spec
  for (const fault of spec.faults) {
    const without = { ...least, faults: least.faults.filter((other) => other !== fault) }
    if ((await run(without)).violations.length > 0) least = without
  }
  const lines: string[] = []
  const { violations, outcomes } = await run({ ...least, trace: (line) => lines.push(line) })
  return [
    `${serializeSpec(least)}`,
    ...violations.map(described),
    `Visits: ${outcomes.join(', ')}`,
    ...lines.map((line) => `  ${line}`),
    `Again: SIMULATE='${serializeSpec(least)}' npx vitest run --project node packages/server/src/simulator/replay.test.ts`,
  ].join('\n')
}

function described({ rule, detail }: Violation): string {
  return `${rule}: ${detail}`
}
