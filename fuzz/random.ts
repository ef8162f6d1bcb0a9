/** Seeded randomness, so that a value that breaks something can be made again. */
export interface Random {
  /** A whole number from 0 to `below` − 1. */
  int(below: number): number
  pick<T>(from: readonly [T, ...T[]]): T
}

/** Mulberry32: 32 bits of state, good enough to look everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const int = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
  return { int, pick: (from) => from[int(from.length)] ?? from[0] }
}
