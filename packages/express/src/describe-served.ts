import { posix } from 'node:path'
import { type Door, SERVES_ANYTHING, samplePaths } from './doors.js'
import type { Route } from './express-stack.js'
import { pricedPaths } from './priced-paths.js'
import type { PricedRoute } from './route-map.js'

/** A key of a map with what serves it, at one of the paths that it stands for. */
interface Found {
  route: PricedRoute
  sample: string
  doors: readonly Door[]
}

/** Says what the handler of a priced path serves besides, unpaid: other methods, and other paths of its route. */
export function describeServed(found: Found, routes: readonly PricedRoute[]): string[] {
  const { key, path } = found.route
  const first = firstRoute(found.doors)
  const served = first?.layer.route?.isGated ? undefined : first
  return [
    ...(isOpenToEveryMethod(found, served, routes)
      ? [`The handler of "${key}" answers every method, and the others are free. Write "ALL ${path}".`]
      : []),
    ...(served ? otherPaths(found, served, routes) : []).map(
      (other) =>
        `The handler of "${key}" also serves ${other}: what nobody has priced of that is free. ` +
        'Price it too, or put paymentRequired before the handler.',
    ),
  ]
}

function isOpenToEveryMethod(
  { route, sample, doors }: Found,
  served: Door | undefined,
  routes: readonly PricedRoute[],
): boolean {
  if (route.method === 'all') return false
  // One behind the first may have been meant for the other methods.
  const own = doors.find(({ layer }) => layer.route?.isForEveryMethod && layer.route.path === route.path)
  if (!(own ?? served?.layer.route?.isForEveryMethod)) return false
  return !pricedPaths(routes.filter(({ method }) => method === 'all'))(sample)
}

/** What a list of paths names besides priced ones; and expressions, of which nobody can say what they match. */
function otherPaths(
  { route, sample }: Found,
  { layer, left }: Door,
  routes: readonly PricedRoute[],
): string[] {
  const paths = pathsOf(layer.route)
  if (paths.length === 0) return []
  const isPriced = pricedPaths(routes.filter(({ method }) => isCovered(route.method, method)))
  const mountedAt = sample.endsWith(left) ? sample.slice(0, sample.length - left.length) : sample
  return paths.flatMap((path) => {
    if (path instanceof RegExp) return [String(path)]
    const full = `${mountedAt}${String(path)}`
    return samplePaths(full).some(isPriced) ? [] : [`"${full}"`]
  })
}

/** The paths of a route that are more than one text, which a key can say. */
function pathsOf(route: Route | undefined): unknown[] {
  if (Array.isArray(route?.path)) return route.path.flat(Number.POSITIVE_INFINITY)
  return route?.path instanceof RegExp ? [route.path] : []
}

/** HEAD is gated with GET. */
function isCovered(method: PricedRoute['method'], by: PricedRoute['method']): boolean {
  return by === 'all' || by === method || (method === 'head' && by === 'get')
}

/** The route that answers first, unless something that `app.use` has mounted may. */
function firstRoute(doors: readonly Door[]): Door | undefined {
  const behind = doors.filter(({ isBehind }) => isBehind)
  const first = behind.find(
    ({ layer, left }, index) =>
      SERVES_ANYTHING.has(layer.name) ||
      (layer.route && !(layer.route.handsOn && index < behind.length - 1 && isForSiblings({ layer, left }))),
  )
  return first?.layer.route && first
}

/** Middleware is often mounted so: `app.all('*', requireLogin)`. */
function isForSiblings({ layer, left }: Pick<Door, 'layer' | 'left'>): boolean {
  return layer.rest(posix.join(posix.dirname(left), 'any-other-page')) !== null
}
