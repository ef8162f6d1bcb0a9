import type { Profiler } from 'node:inspector'

type Node = Profiler.ProfileNode

/** Microseconds of processor time by the part of the program that took them. */
export type Parts = Readonly<Record<string, number>>

const GARBAGE = 'garbage collection'
const HTTP = 'Express and HTTP'
const EVENT_LOOP = 'event loop, promises and sockets'

/**
 * Adds up a V8 profile by part. What Node and V8 do for a part (its writes to sockets, its JSON, its hashes) is counted as
 * that part's.
 */
export function partsOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Parts {
  const names = namesOf(nodes)
  const parts: Record<string, number> = {}
  for (const [index, id] of samples.entries()) {
    const name = names.get(id)
    if (name !== undefined) parts[name] = (parts[name] ?? 0) + (timeDeltas[index] ?? 0)
  }
  return parts
}

function namesOf(nodes: readonly Node[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const names = new Map<number, string>()
  const visit = (node: Node, caller: string): void => {
    const { functionName, url } = node.callFrame
    // The profiler's own commands are no request's.
    if (functionName === '(idle)' || url === 'node:inspector') return
    const name = nameOf(node) ?? caller
    names.set(node.id, name)
    for (const id of node.children ?? []) {
      const child = byId.get(id)
      if (child) visit(child, name)
    }
  }
  const [root] = nodes
  if (root) visit(root, EVENT_LOOP)
  return names
}

/** The part that a function belongs to; undefined for what serves its caller. */
function nameOf({ callFrame: { url, functionName } }: Node): string | undefined {
  if (functionName === '(garbage collector)') return GARBAGE
  if (url.startsWith('node:_http')) return HTTP
  const [, ours, file] = /packages\/(\w+)\/dist\/(.+)\.js$/.exec(url) ?? []
  if (ours !== undefined) return `${ours}: ${file}`
  const [, dependency] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  if (dependency === undefined) return undefined
  if (/^(ioredis|redis-parser|standard-as-callback|@ioredis.*|cluster-key-slot|denque)$/.test(dependency))
    return 'ioredis'
  if (/^pg/.test(dependency)) return 'pg'
  return HTTP
}
