import { BARE_HEADERS, readBoundHeaders } from './bench-client.js'
import { type Connection, openConnections } from './connection.js'
import { type Counters, readCounters } from './counters.js'
import { fullLoad } from './full-load.js'
import { type Latency, steadyLoad } from './steady-load.js'

const STEADY_RATE = 1000

/** What one store costs. Ratios and differences come from alternating runs of one process. */
export interface Measured {
  /** Paid requests per second over bare ones on the same server: median of the pairs. */
  paidOverBare: number
  /** Paid requests per second with a session, whose key is bound, over those with a bare client id. */
  sessionOverBareId: number
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
  const connections = await openConnections(origin, BARE_HEADERS)
  const bound = await openConnections(origin, await readBoundHeaders(origin))
  await threeRuns(origin, { connections, bound, seconds: 2 })
  const pairs: [bare: Run, paid: Run, session: Run][] = []
  for (let round = 0; round < rounds; round += 1)
    pairs.push(await threeRuns(origin, { connections, bound, seconds }, round % 2 === 1))
  const steady: [bare: Latency, paid: Latency][] = []
  for (let round = 0; round < rounds; round += 1) steady.push(await steadyPair(connections, seconds))
  for (const connection of [...connections, ...bound]) connection.close()
  return {
    paidOverBare: round(median(pairs.map(([bare, paid]) => paid.perSecond / bare.perSecond)), 3),
    sessionOverBareId: round(median(pairs.map(([, paid, session]) => session.perSecond / paid.perSecond)), 3),
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

interface Load {
  connections: readonly Connection[]
  /** Those of clients with a session. */
  bound: readonly Connection[]
  seconds: number
}

/** In the other order every other time: what comes later finds a store and a heap that hold more. */
async function threeRuns(
  origin: string,
  { connections, bound, seconds }: Load,
  isReversed = false,
): Promise<[Run, Run, Run]> {
  if (!isReversed)
    return [await run('/bare', connections), await run('/paid', connections), await run('/paid', bound)]
  const session = await run('/paid', bound)
  const paid = await run('/paid', connections)
  return [await run('/bare', connections), paid, session]

  async function run(path: string, by: readonly Connection[]): Promise<Run> {
    const before = await readCounters(origin)
    const { requests, perSecond } = await fullLoad(by, { path, seconds })
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
