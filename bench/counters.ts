/** What the server under load has used since it started. */
export interface Counters {
  /** Commands or statements sent to the store. */
  roundTrips: number
  /** Processor time of the server, all its threads. */
  cpuMicros: number
  /** Processor time of Redis. */
  storeCpuMicros: number
}

/** Asks the benchmark server for its counters. */
export async function readCounters(origin: string): Promise<Counters> {
  const body: unknown = await (await fetch(`${origin}/counters`)).json()
  if (
    typeof body === 'object' &&
    body !== null &&
    'roundTrips' in body &&
    'cpuMicros' in body &&
    'storeCpuMicros' in body
  )
    return {
      roundTrips: Number(body.roundTrips),
      cpuMicros: Number(body.cpuMicros),
      storeCpuMicros: Number(body.storeCpuMicros),
    }
  throw new TypeError('the benchmark server sent no counters')
}
