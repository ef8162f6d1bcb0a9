import { BARE_HEADERS } from './bench-client.js'
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
}

/** Where the processor time of bare and of paid requests goes, by part, the most that is added first. */
export async function profile(origin: string, seconds: number): Promise<PartCost[]> {
  const connections = await openConnections(origin, BARE_HEADERS)
  await fullLoad(connections, { path: '/bare', seconds: 2 })
  await fullLoad(connections, { path: '/paid', seconds: 2 })
  const bare = await partsPerRequest('/bare')
  const paid = await partsPerRequest('/paid')
  for (const connection of connections) connection.close()
  const parts = new Set([...Object.keys(bare), ...Object.keys(paid)])
  const costs = [...parts].map((part) => costOf(part, bare[part] ?? 0, paid[part] ?? 0))
  return costs.sort((one, other) => other.added - one.added)

  async function partsPerRequest(path: string): Promise<Parts> {
    await fetch(`${origin}/profile/start`)
    const before = await readCounters(origin)
    const { requests } = await fullLoad(connections, { path, seconds })
    const after = await readCounters(origin)
    const parts: Record<string, number> = partsOf(await (await fetch(`${origin}/profile/stop`)).json())
    for (const part of Object.keys(parts)) parts[part] = (parts[part] ?? 0) / requests
    parts['Redis (another process)'] = (after.storeCpuMicros - before.storeCpuMicros) / requests
    parts['all threads of the server'] = (after.cpuMicros - before.cpuMicros) / requests
    return parts
  }
}

function costOf(part: string, bare: number, paid: number): PartCost {
  const [first, second] = [bare, paid].map((micros) => Math.round(micros * 10) / 10)
  return { part, bare: first ?? 0, paid: second ?? 0, added: Math.round((paid - bare) * 10) / 10 }
}
