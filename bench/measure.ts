import { type Connection, openConnections } from './connection.js'
import { type Counters, readCounters } from './counters.js'
import { fullLoad } from './full-load.js'
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
  /** Processor time of Redis per paid request; 0 where the store does not tell. */
  storeCpuMicros: number
  paidPerSecond: number
  barePerSecond: number
}

interface Run extends Counters {
  perSecond: number
}

/** Alternates bare and paid load, so that a machine whose speed drifts does not favour one of them. */
export async function measure(origin: string, rounds: number, seconds: number): Promise<Measured> {
  const connections = await openConnections(origin)
  await pair(origin, connections, 2)
  const pairs: [bare: Run, paid: Run][] = []
  for (let round = 0; round < rounds; round += 1) pairs.push(await pair(origin, connections, seconds))
  const steady: [bare: Latency, paid: Latency][] = []
  for (let round = 0; round < rounds; round += 1) steady.push(await steadyPair(connections, seconds))
  for (const connection of connections) connection.close()
  return {
    paidOverBare: round(median(pairs.map(([bare, paid]) => paid.perSecond / bare.perSecond)), 3),
    roundTripsPerRequest: round(median(pairs.map(([, paid]) => paid.roundTrips)), 3),
    addedP50Ms: round(median(steady.map(([bare, paid]) => paid.p50Ms - bare.p50Ms)), 2),
    addedP99Ms: round(median(steady.map(([bare, paid]) => paid.p99Ms - bare.p99Ms)), 2),
    addedCpuMicros: round(median(pairs.map(([bare, paid]) => paid.cpuMicros - bare.cpuMicros)), 1),
    bareCpuMicros: round(median(pairs.map(([bare]) => bare.cpuMicros)), 1),
    storeCpuMicros: round(median(pairs.map(([, paid]) => paid.storeCpuMicros)), 1),
    paidPerSecond: Math.round(median(pairs.map(([, paid]) => paid.perSecond))),
    barePerSecond: Math.round(median(pairs.map(([bare]) => bare.perSecond))),
  }
}

async function pair(
  origin: string,
  connections: readonly Connection[],
  seconds: number,
): Promise<[Run, Run]> {
  return [await run('/bare'), await run('/paid')]

  async function run(path: string): Promise<Run> {
    const before = await readCounters(origin)
    const { requests, perSecond } = await fullLoad(connections, { path, seconds })
    const after = await readCounters(origin)
    const each = (name: keyof Counters): number => (after[name] - before[name]) / requests
    return {
      perSecond,
      roundTrips: each('roundTrips'),
      cpuMicros: each('cpuMicros'),
      storeCpuMicros: each('storeCpuMicros'),
    }
  }
}

async function steadyPair(connections: readonly Connection[], seconds: number): Promise<[Latency, Latency]> {
  const load = { perSecond: STEADY_RATE, seconds }
  return [
    await steadyLoad(connections, { path: '/bare', ...load }),
    await steadyLoad(connections, { path: '/paid', ...load }),
  ]
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
