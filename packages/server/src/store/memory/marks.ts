import type { Mark, MarkResult } from '../../store.js'

/** After so many marks, names that count nothing any more are let go. */
const TIDY_EVERY = 1000

/** Marks by name and member, with the time until which each counts. */
export class Marks {
  readonly #names = new Map<string, Map<string, number>>()
  #sinceTidy = 0

  make({ name, member, windowMs, most }: Mark, nowMs: number): MarkResult {
    if (++this.#sinceTidy >= TIDY_EVERY) this.#tidy(nowMs)
    const counting = this.#counting(name, nowMs)
    const isMade = counting.has(member) || counting.size < most
    if (isMade && !counting.has(member)) counting.set(member, nowMs + windowMs)
    if (counting.size > 0) this.#names.set(name, counting)
    // A window is the same for all of a name, so the oldest ends first.
    const [oldest = nowMs] = counting.values()
    return { isMade, count: counting.size, freeInMs: oldest - nowMs }
  }

  #counting(name: string, nowMs: number): Map<string, number> {
    const counting = this.#names.get(name) ?? new Map<string, number>()
    for (const [member, endsAt] of counting) {
      if (endsAt > nowMs) break
      counting.delete(member)
    }
    return counting
  }

  #tidy(nowMs: number): void {
    this.#sinceTidy = 0
    for (const name of this.#names.keys())
      if (this.#counting(name, nowMs).size === 0) this.#names.delete(name)
  }
}
