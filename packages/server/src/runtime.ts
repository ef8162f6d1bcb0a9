import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the engine takes from the world besides its store and Stripe; injected so that a test can own time. */
export interface Runtime {
  /** Epoch milliseconds; used for what is said to Stripe and shown to people, never to decide about money. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Runs a task once after `ms`, unless the function that comes back is called before. */
  after(ms: number, task: () => void): () => void
  /** Runs a task every `ms`, without keeping the process alive, until the function that comes back is called. */
  every(ms: number, task: () => void): () => void
  randomUUID(): string
}

/** The machine's own clock and randomness. */
export const systemRuntime: Runtime = {
  now: Date.now,
  sleep: async (ms) => {
    await sleep(ms)
  },
  after: (ms, task) => {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
  every: (ms, task) => {
    const timer = setInterval(task, ms).unref()
    return () => clearInterval(timer)
  },
  randomUUID,
}
