import { type Layer, mountPathOf, stackOf } from './express-stack.js'
import type { PricedRoute } from './route-map.js'

/** Texts for a parameter: Express 4 allows patterns for one, such as digits only. */
const SAMPLES = ['a', '1', 'a-1.b', '5f0f2a4e-7e0b-4c1e-9b59-0c4a5b6f7d10']
/** Mounted for every path, and yet they serve: nobody can see from outside what. */
const SERVES_ANYTHING = new Set(['serveStatic', 'mounted_app'])

/**
 * Says in which routes of a map its app differs from it:
 *
 * - nothing behind the map serves the route, so that it guards nothing: a misspelt path, or a router of another place;
 * - a route that stands before the map serves it, unpaid;
 * - its handler also answers other methods, unpaid;
 * - a method override stands behind the map.
 */
export function describeDoors(gate: unknown, routes: readonly PricedRoute[], app: unknown): string[] {
  const surroundings = { gate, stack: stackOf(app), prefix: mountPathOf(app) }
  return [...routes.flatMap((route) => describeRoute(route, surroundings)), ...describeOverride(surroundings)]
}

interface Surroundings {
  gate: unknown
  stack: readonly Layer[]
  /** Where the app is mounted in another one. */
  prefix: string
}

function describeRoute(route: PricedRoute, surroundings: Surroundings): string[] {
  const { key, method, path } = route
  const doors = samplePaths(path).flatMap((sample) => doorsTo(surroundings, method, sample))
  const before = doors.find(({ isBehind, layer }) => !isBehind && layer.route?.isForEveryMethod === false)
  const open = doors.find(({ layer }) => layer.route?.isForEveryMethod && layer.route.path === path)
  if (before)
    return [
      `"${key}" is also served by a route before the map, where nobody pays. Mount the map before all handlers.`,
    ]
  if (!doors.some(({ isBehind }) => isBehind))
    return [
      `"${key}" is priced, but nothing behind the map serves it. Compare its method and path with your handlers'.`,
    ]
  if (open && method !== 'all')
    return [`The handler of "${key}" answers every method, and the others are free. Write "ALL ${path}".`]
  return []
}

interface Door {
  layer: Layer
  /** Whether the map stands before it. */
  isBehind: boolean
}

/** What serves a path, in Express's order, within the router that holds the map: by the full path, or by the rest of it. */
function doorsTo({ gate, stack, prefix }: Surroundings, method: string, path: string): Door[] {
  const holder = holderOf(gate, stack, path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path)
  const doors: Door[] = []
  let isBehind = false

  function walk(layers: readonly Layer[], left: string): void {
    for (const layer of layers) {
      if (layer.handle === gate) isBehind = true
      const rest = layer.rest(left)
      if (rest === null || layer.handle === gate) continue
      const inner = stackOf(layer.handle)
      if (layer.route ? method === 'all' || layer.route.takes(method) : inner.length === 0 && isServer(layer))
        doors.push({ layer, isBehind })
      else walk(inner, rest)
    }
  }

  for (const left of new Set([holder?.left ?? path, path])) {
    isBehind = false
    walk(holder?.stack ?? [], left)
  }
  return doors
}

/** The stack that the map stands in, and what is left of a path when a request has come so far. */
function holderOf(
  gate: unknown,
  stack: readonly Layer[],
  left: string | null,
): { stack: readonly Layer[]; left: string | null } | undefined {
  if (stack.some(({ handle }) => handle === gate)) return { stack, left }
  for (const layer of stack) {
    const found = holderOf(gate, stackOf(layer.handle), left === null ? null : layer.rest(left))
    if (found) return found
  }
  return undefined
}

function isServer({ isForEveryPath, name, handle }: Layer): boolean {
  // Four parameters make an error handler.
  if (typeof handle !== 'function' || handle.length > 3) return false
  return !isForEveryPath || SERVES_ANYTHING.has(name)
}

function describeOverride({ gate, stack }: Surroundings): string[] {
  const at = stack.findIndex(({ handle }) => handle === gate)
  if (at < 0 || !stack.slice(at).some(({ name }) => name === 'methodOverride')) return []
  return [
    'methodOverride stands behind the map, which sees only its usual headers and "_method". Mount it before the map.',
  ]
}

/** Paths that a pattern of Express 4 or 5 stands for. */
function samplePaths(pattern: string): string[] {
  const plain = pattern.replace(/[{}]/g, '')
  return [
    ...new Set(
      SAMPLES.map((sample) => plain.replace(/[:*]\w+(?:\([^)]*\))?[?*+]?|\(\.\*\)|\*/g, () => sample)),
    ),
  ]
}
