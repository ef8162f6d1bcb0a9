/** What Express 4 and 5 keep of a mounted handler or route; only read here. */
export interface Layer {
  name: string
  handle: unknown
  /** Set when the layer is a route: `app.get(path, …)`. */
  route: Route | undefined
  /** Mounted without a path, or with `/`. */
  isForEveryPath: boolean
  /** What is left of a path behind the mount; `null` when the layer does not match it. */
  rest(path: string): string | null
}

/** A path with its handlers. */
export interface Route {
  path: unknown
  /** A price stands before its handlers. */
  isGated: boolean
  isForEveryMethod: boolean
  /** Its last handler has a parameter to hand a request on. */
  handsOn: boolean
  takes(method: string): boolean
}

const ALL_OF_THEM = ['get', 'post', 'put', 'patch', 'delete', 'propfind', 'trace']

/** The layers of an app or router, in their order; none for anything else. */
export function stackOf(handler: unknown): Layer[] {
  const router = member(handler, 'stack') === undefined ? routerOf(handler) : handler
  const stack = member(router, 'stack')
  return Array.isArray(stack) ? stack.map(readLayer) : []
}

/** Express 5 has `app.router`; in Express 4 that name throws, and `_router` is there once something is mounted. */
function routerOf(app: unknown): unknown {
  return member(app, '_router') ?? (member(app, 'lazyrouter') ? undefined : member(app, 'router'))
}

/** Where an app is mounted in another one, as its own `path()` says; empty for an app that stands alone. */
export function mountPathOf(app: unknown): string {
  const path = member(app, 'path')
  return typeof path === 'function' ? String(Reflect.apply(path, app, [])) : ''
}

function readLayer(layer: unknown): Layer {
  const route = member(layer, 'route')
  const regexp = member(layer, 'regexp')
  return {
    name: String(member(layer, 'name') ?? ''),
    handle: member(layer, 'handle'),
    route: route === undefined ? undefined : readRoute(route),
    isForEveryPath: Boolean(member(layer, 'slash') ?? member(regexp, 'fast_slash')),
    rest(path) {
      const matched = matchOf(layer, path)
      if (!matched) return null
      // The match says what it took; before router 2.3 the layer does.
      const taken = member(matched, 'path') ?? member(layer, 'path')
      const rest = path.slice(String(taken ?? '').length)
      return rest.startsWith('/') ? rest : `/${rest}`
    },
  }
}

function readRoute(route: unknown): Route {
  const methods = Object.keys(Object(member(route, 'methods')))
  // `app.all` names them one by one, `router.all` as `_all`.
  const isForEveryMethod = methods.includes('_all') || ALL_OF_THEM.every((name) => methods.includes(name))
  const stack = stackOf(route)
  const last = stack.at(-1)?.handle
  return {
    path: member(route, 'path'),
    isGated: stack.some(isGate),
    isForEveryMethod,
    handsOn: typeof last === 'function' && last.length > 2,
    takes: (method) =>
      isForEveryMethod || methods.includes(method) || (method === 'head' && methods.includes('get')),
  }
}

/** Whether a layer is a price of ours. */
export function isGate({ name }: Layer): boolean {
  return name === 'paymentRequired'
}

/** Matching decodes parameters, and what cannot be decoded throws. */
function matchOf(layer: unknown, path: string): unknown {
  const match = member(layer, 'match')
  try {
    return typeof match === 'function' && Reflect.apply(match, layer, [path])
  } catch {
    return false
  }
}

function member(value: unknown, name: string): unknown {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? Reflect.get(value, name)
    : undefined
}
