/** How many pairs of faults in a story: a quick sample; `SIMULATOR_PAIRS=12000` tries as many of them. */
export const PAIRS: number = Number(process.env.SIMULATOR_PAIRS ?? 1_000)

/** In a run; the shortest story has more when nothing goes wrong. */
export const LEAST_STEPS = 15
