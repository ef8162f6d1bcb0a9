import type { Door } from './fault.js'
import type { Random } from './random.js'

const LATENCY_MS: Readonly<Record<Door, number>> = {
  store: 1,
  stripe: 150,
  'stripe-read': 80,
  request: 5,
  reply: 5,
  webhook: 20,
}
const MINUTE_MS = 60_000

/** How long things take, and how far clocks are apart. */
export interface Clocks {
  latencyMs(door: Door): number
  /** How long Stripe works on a call. */
  workMs(): number
  webhookDelayMs(): number
  skewMs(): number
  /** Whether every server sweeps, or the first one alone. */
  isEverybodySweeping: boolean
  /** Which of so many servers the next request comes to. */
  server(count: number): number
}

/** Everything as usual: one after the other, clocks right, servers in turn. */
export function usualClocks(): Clocks {
  let turn = 0
  return {
    latencyMs: (door) => LATENCY_MS[door],
    workMs: () => 0,
    webhookDelayMs: () => 300,
    skewMs: () => 0,
    isEverybodySweeping: false,
    server: (count) => turn++ % count,
  }
}

/** Mostly as usual, sometimes longer than anybody waits; clocks up to ten minutes wrong. */
export function seededClocks(random: Random): Clocks {
  return {
    latencyMs(door) {
      const usualMs = LATENCY_MS[door]
      const dice = random.next()
      if (dice < 0.8) return 1 + random.below(usualMs * 2)
      return dice < 0.97 ? random.below(usualMs * 20) : random.below(door === 'store' ? 8000 : 15_000)
    },
    workMs: () => (random.chance(0.5) ? random.below(2000) : 0),
    webhookDelayMs: () => random.pick([1, 300, 5000, 30 * MINUTE_MS]),
    skewMs: () => (random.below(21) - 10) * MINUTE_MS,
    isEverybodySweeping: true,
    server: (count) => random.below(count),
  }
}
