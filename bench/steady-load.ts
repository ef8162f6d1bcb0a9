import { Agent, get } from 'node:http'
import { performance } from 'node:perf_hooks'
import { BENCH_HEADERS, CONNECTIONS } from './bench-client.js'

/** Latency of requests sent at a steady rate, in milliseconds with fractions (a histogram of whole ones hides 0.3 ms). */
export interface Latency {
  p50Ms: number
  p99Ms: number
}

/** Sends `perSecond` requests a second for `seconds`, over at most 64 kept-alive connections. */
export async function steadyLoad(
  url: string,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const began = performance.now()
  const total = perSecond * seconds
  const pending: Promise<number>[] = []
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const due = Math.min(total, Math.ceil(((performance.now() - began) / 1000) * perSecond))
      while (pending.length < due) pending.push(timed(url, pending.length, agent))
      // A loop without a pause would take a core from the server and its store.
      if (pending.length < total) setTimeout(tick, 1)
      else resolve()
    }
    tick()
  })
  const latencies = (await Promise.all(pending)).sort((a, b) => a - b)
  agent.destroy()
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

function timed(url: string, index: number, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = performance.now()
    const headers = BENCH_HEADERS[index % CONNECTIONS] ?? {}
    get(url, { headers, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
      response.on('end', () => resolve(performance.now() - sent)).resume()
    }).on('error', reject)
  })
}
