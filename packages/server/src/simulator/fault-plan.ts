import { type Fault, type FaultKind, kindsFor } from './fault.js'
import { randomOf } from './random.js'
import type { Passage } from './seam.js'

/** Decides, passage by passage, what goes wrong. */
export interface FaultPlan {
  faultAt(passage: Passage): FaultKind | undefined
  /** What has gone wrong so far. */
  met: Fault[]
}

/** So many faults by chance in one run: with more, nobody ever gets anything done. */
const MOST_BY_CHANCE = 12

/** Plans the given faults and, with a chance, others that follow from the seed alone. */
export function planFaults({
  faults,
  seed,
  chance = 0,
}: {
  faults: readonly Fault[]
  seed: number
  chance?: number
}): FaultPlan {
  const given = new Map(faults.map(({ at, kind }) => [at, kind]))
  // A stream of its own: a run with these faults by name has the same latencies.
  const random = randomOf(seed + 0x5eed)
  const met: Fault[] = []

  function byChance({ door }: Passage): FaultKind | undefined {
    if (chance === 0 || met.length >= MOST_BY_CHANCE || !random.chance(chance)) return undefined
    const kinds = kindsFor(door)
    return kinds[random.below(kinds.length)]
  }

  return {
    met,
    faultAt(passage) {
      const kind = given.get(passage.at) ?? byChance(passage)
      if (kind !== undefined) met.push({ at: passage.at, kind })
      return kind
    },
  }
}
