/** `FUZZ=full` tries as many values as the security of a release is judged by; `npm test` tries fewer. */
const isFull = process.env.FUZZ === 'full'

/** How many values each target is given, and what they are made from. */
export const SCALE = {
  seed: Number(process.env.FUZZ_SEED ?? 402),
  decoder: isFull ? 1_000_000 : 60_000,
  http: isFull ? 100_000 : 6_000,
  long: isFull ? 3000 : 300,
  webhook: isFull ? 20_000 : 1_000,
  client: isFull ? 100_000 : 4_000,
} as const
