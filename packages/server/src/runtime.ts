import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the engine takes from the world besides its store and Stripe; injected so that a test can own time. */
export interface Runtime {
  /** Epoch milliseconds; used for what is said to Stripe and shown to people, never to decide about money. */
  now(): number
  sleep(ms: number): Promise<void>
  randomUUID(): string
}

/** The machine's own clock and randomness. */
export const systemRuntime: Runtime = {
  now: Date.now,
  sleep: async (ms) => {
    await sleep(ms)
  },
  randomUUID,
}
