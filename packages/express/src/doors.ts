import { isGate, type Layer, stackOf } from './express-stack.js'

/** Texts for a parameter: Express 4 allows patterns for one, such as digits only. */
const SAMPLES = ['a', '1', 'a-1.b', '5f0f2a4e-7e0b-4c1e-9b59-0c4a5b6f7d10']
/** Mounted for every path, and yet they serve: nobody can see from outside what. */
export const SERVES_ANYTHING: ReadonlySet<string> = new Set(['serveStatic', 'mounted_app'])
/** Middleware of Express and of its neighbours that hands every request on. */
const HANDS_ON = new Set(
  'jsonParser urlencodedParser rawParser textParser cookieParser session compression corsMiddleware helmetMiddleware logger methodOverride'.split(
    ' ',
  ),
)

/** A map, and the app around it. */
export interface Surroundings {
  gate: unknown
  stack: readonly Layer[]
  /** Where the app is mounted in another one. */
  prefix: string
}

/** What serves a path: a route, or what `app.use` has mounted. */
export interface Door {
  layer: Layer
  /** Whether the map stands before it. */
  isBehind: boolean
  /** What is left of the path where it stands. */
  left: string
}

/** A router that is mounted at the very path, with what it holds. */
export interface MountedRouter {
  inner: readonly Layer[]
  isBehind: boolean
}

/** What serves a path, in Express's order, within the router that holds the map: by the full path, or by the rest of it. */
export function doorsTo(
  { gate, stack, prefix }: Surroundings,
  method: string,
  path: string,
): { doors: Door[]; routers: MountedRouter[] } {
  const holder = holderOf(gate, stack, path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path)
  const doors: Door[] = []
  const routers: MountedRouter[] = []
  let isBehind = false

  function walk(layers: readonly Layer[], left: string): void {
    for (const layer of layers) {
      if (layer.handle === gate) isBehind = true
      const rest = layer.rest(left)
      if (rest === null || layer.handle === gate) continue
      const inner = stackOf(layer.handle)
      if (layer.route ? method === 'all' || layer.route.takes(method) : inner.length === 0 && isServer(layer))
        doors.push({ layer, isBehind, left })
      else {
        if (rest === '/' && inner.length > 0 && !layer.isForEveryPath) routers.push({ inner, isBehind })
        walk(inner, rest)
      }
    }
  }

  for (const left of new Set([holder?.left ?? path, path])) {
    isBehind = false
    walk(holder?.stack ?? [], left)
  }
  return { doors, routers }
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

function isServer(layer: Layer): boolean {
  const { isForEveryPath, name, handle } = layer
  // Four parameters make an error handler.
  if (typeof handle !== 'function' || handle.length > 3) return false
  if (HANDS_ON.has(name) || isGate(layer)) return false
  return !isForEveryPath || SERVES_ANYTHING.has(name)
}

/** Paths that a pattern of Express 4 or 5 stands for. */
export function samplePaths(pattern: string): string[] {
  const plain = pattern.replace(/[{}]/g, '')
  return [
    ...new Set(
      SAMPLES.map((sample) => plain.replace(/[:*]\w+(?:\([^)]*\))?[?*+]?|\(\.\*\)|\*/g, () => sample)),
    ),
  ]
}
