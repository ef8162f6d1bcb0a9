import { emptyTally, type Tally, trySeeds } from './explore.js'
import { CROWDS, SCENARIOS } from './scenarios.js'

/** How far a soak has come. */
export interface SoakProgress {
  steps: number
  runs: number
  /** The last seed that was played. */
  seed: number
}

/** What a soak plays: seeds `first`, `first + stride`, … until it has made `steps` steps. */
export interface SoakOptions {
  steps: number
  first: number
  stride: number
  onProgress(progress: SoakProgress): void
}

/** How likely a fault is at each passage: a story has a few dozen of them, a crowd thousands. */
const IN_A_STORY = 0.05
const IN_A_CROWD = 0.005

/**
 * Plays every scenario under one seed after the other, undisturbed and with faults by chance.
 *
 * @returns the tally at the end, or as soon as something failed.
 */
export async function soak({ steps, first, stride, onProgress }: SoakOptions): Promise<Tally> {
  const tally = emptyTally()
  for (let seed = first; tally.steps < steps && tally.failed === 0; seed += stride) {
    const range = { from: seed, to: seed + 1 }
    for (const { name } of [...SCENARIOS, ...CROWDS]) await trySeeds(tally, name, range)
    for (const { name } of SCENARIOS) await trySeeds(tally, name, { ...range, chance: IN_A_STORY })
    for (const { name } of CROWDS) await trySeeds(tally, name, { ...range, chance: IN_A_CROWD })
    onProgress({ steps: tally.steps, runs: tally.runs, seed })
  }
  return tally
}
