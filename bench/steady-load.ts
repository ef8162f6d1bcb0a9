import { performance } from 'node:perf_hooks'
import type { Connection } from './connection.js'

/** Latency of requests sent at a steady rate, in milliseconds with fractions (a histogram of whole ones hides 0.3 ms). */
export interface Latency {
  p50Ms: number
  p99Ms: number
}

/** Sends `perSecond` requests a second for `seconds`. One that has to wait for a connection has begun to wait for its answer. */
export async function steadyLoad(
  connections: readonly Connection[],
  { path, perSecond, seconds }: { path: string; perSecond: number; seconds: number },
): Promise<Latency> {
  const idle = [...connections]
  const waiting: number[] = []
  const latencies: number[] = []
  const began = performance.now()
  const total = perSecond * seconds
  let sent = 0
  const ask = (connection: Connection, from: number): void =>
    connection.ask(path, () => {
      latencies.push(performance.now() - from)
      const next = waiting.shift()
      if (next === undefined) idle.push(connection)
      else ask(connection, next)
    })
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const now = performance.now()
      for (const due = ((now - began) / 1000) * perSecond; sent < Math.min(total, due); sent += 1) {
        const connection = idle.shift()
        if (connection) ask(connection, now)
        else waiting.push(now)
      }
      // A loop without a pause would take a core from the server and its store.
      if (latencies.length < total) setTimeout(tick, 1)
      else resolve()
    }
    tick()
  })
  latencies.sort((a, b) => a - b)
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}
