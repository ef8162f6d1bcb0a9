import { BARE_HEADERS, type ClientHeaders, readBoundHeaders } from './bench-client.js'
import { openConnections } from './connection.js'
import { readCounters } from './counters.js'
import { type Parts, partsOf } from './cpu-profile.js'
import { fullLoad } from './full-load.js'

/** Microseconds that a part of the program takes per request. */
export interface PartCost {
  part: string
  bare: number
  paid: number
  added: number
  /** Of a paid request whose client sends a session, in place of its bare name. */
  session: number
}

/** Where the processor time of bare and of paid requests goes, by part, the most that is added first. */
export async function profile(origin: string, seconds: number): Promise<PartCost[]> {
  const boundHeaders = await readBoundHeaders(origin)
  const bare = await partsPerRequest('/bare', BARE_HEADERS)
  const paid = await partsPerRequest('/paid', BARE_HEADERS)
  const session = await partsPerRequest('/paid', boundHeaders)
  const parts = new Set([bare, paid, session].flatMap(Object.keys))
  const costs = [...parts].map((part) => ({
    part,
    bare: micros(bare[part]),
    paid: micros(paid[part]),
    added: micros((paid[part] ?? 0) - (bare[part] ?? 0)),
    session: micros(session[part]),
  }))
  return costs.sort((one, other) => other.added - one.added)

  async function partsPerRequest(path: string, headers: readonly ClientHeaders[]): Promise<Parts> {
    // Of each part its own: the server hangs up on connections that wait while another part is measured.
    const connections = await openConnections(origin, headers)
    await fullLoad(connections, { path, seconds: 2 })
    await fetch(`${origin}/profile/start`)
    const before = await readCounters(origin)
    const { requests } = await fullLoad(connections, { path, seconds })
    for (const connection of connections) connection.close()
    const after = await readCounters(origin)
    const parts: Record<string, number> = partsOf(await (await fetch(`${origin}/profile/stop`)).json())
    for (const part of Object.keys(parts)) parts[part] = (parts[part] ?? 0) / requests
    parts['Redis (another process)'] = (after.storeCpuMicros - before.storeCpuMicros) / requests
    parts['all threads of the server'] = (after.cpuMicros - before.cpuMicros) / requests
    return parts
  }
}

function micros(value = 0): number {
  return Math.round(value * 10) / 10
}
