import autocannon from 'autocannon'
import { BENCH_HEADERS, CONNECTIONS } from './bench-client.js'
import { type Latency, steadyLoad } from './steady-load.js'

const STEADY_RATE = 1000

/** What one store costs. Ratios and differences come from alternating runs of one process. */
export interface Measured {
  /** Paid requests per second over bare ones on the same server: median of the pairs. */
  paidOverBare: number
  /** Commands sent to the store per paid request, captures included. */
  roundTripsPerRequest: number
  /** Added latency at 1,000 requests per second, median of the pairs. */
  addedP50Ms: number
  addedP99Ms: number
  /** Processor time of the server that a paid request takes beyond a bare one, the garbage collector's threads included. */
  addedCpuMicros: number
  bareCpuMicros: number
  paidPerSecond: number
  barePerSecond: number
}

interface Run {
  perSecond: number
  roundTrips: number
  cpuMicros: number
}

interface Counters {
  roundTrips: number
  cpuMicros: number
}

/** Alternates bare and paid load, so that a machine whose speed drifts does not favour one of them. */
export async function measure(origin: string, rounds: number, seconds: number): Promise<Measured> {
  await pair(origin, 2)
  const pairs: [bare: Run, paid: Run][] = []
  for (let round = 0; round < rounds; round += 1) pairs.push(await pair(origin, seconds))
  const steady: [bare: Latency, paid: Latency][] = []
  for (let round = 0; round < rounds; round += 1) steady.push(await steadyPair(origin, seconds))
  return {
    paidOverBare: round(median(pairs.map(([bare, paid]) => paid.perSecond / bare.perSecond)), 3),
    roundTripsPerRequest: round(median(pairs.map(([, paid]) => paid.roundTrips)), 3),
    addedP50Ms: round(median(steady.map(([bare, paid]) => paid.p50Ms - bare.p50Ms)), 2),
    addedP99Ms: round(median(steady.map(([bare, paid]) => paid.p99Ms - bare.p99Ms)), 2),
    addedCpuMicros: round(median(pairs.map(([bare, paid]) => paid.cpuMicros - bare.cpuMicros)), 1),
    bareCpuMicros: round(median(pairs.map(([bare]) => bare.cpuMicros)), 1),
    paidPerSecond: Math.round(median(pairs.map(([, paid]) => paid.perSecond))),
    barePerSecond: Math.round(median(pairs.map(([bare]) => bare.perSecond))),
  }
}

async function pair(origin: string, seconds: number): Promise<[Run, Run]> {
  return [await run(origin, '/bare', seconds), await run(origin, '/paid', seconds)]
}

async function run(origin: string, path: string, seconds: number): Promise<Run> {
  let client = 0
  const before = await counters(origin)
  const result = await autocannon({
    url: origin + path,
    connections: CONNECTIONS,
    duration: seconds,
    setupClient: (connection) => {
      connection.setHeaders(BENCH_HEADERS[client % CONNECTIONS] ?? {})
      client += 1
    },
  })
  const after = await counters(origin)
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`)
  const { total } = result.requests
  return {
    perSecond: total / result.duration,
    roundTrips: (after.roundTrips - before.roundTrips) / total,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / total,
  }
}

async function steadyPair(origin: string, seconds: number): Promise<[Latency, Latency]> {
  const load = { perSecond: STEADY_RATE, seconds }
  return [await steadyLoad(`${origin}/bare`, load), await steadyLoad(`${origin}/paid`, load)]
}

async function counters(origin: string): Promise<Counters> {
  const body: unknown = await (await fetch(`${origin}/counters`)).json()
  if (typeof body === 'object' && body !== null && 'roundTrips' in body && 'cpuMicros' in body)
    return { roundTrips: Number(body.roundTrips), cpuMicros: Number(body.cpuMicros) }
  throw new TypeError('the benchmark server sent no counters')
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('nothing was measured')
  return middle
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
