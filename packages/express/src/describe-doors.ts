import { describeMounted } from './describe-mounted.js'
import { describeServed } from './describe-served.js'
import { doorsTo, type Surroundings, samplePaths } from './doors.js'
import { mountPathOf, stackOf } from './express-stack.js'
import type { PricedRoute } from './route-map.js'

/**
 * Says in which routes of a map its app differs from it:
 *
 * - nothing behind the map serves the route, so that it guards nothing: a misspelt path, or a router of another place;
 * - a route that stands before the map serves it, unpaid, or something may that `app.use` has mounted there;
 * - its handler also answers other methods, unpaid, or other paths: those of its route, what `app.use` mounts, and files;
 * - a method override stands behind the map.
 */
export function describeDoors(gate: unknown, routes: readonly PricedRoute[], app: unknown): string[] {
  const surroundings = { gate, stack: stackOf(app), prefix: mountPathOf(app) }
  return [
    ...routes.flatMap((route) => describeRoute(route, routes, surroundings)),
    ...describeOverride(surroundings),
  ]
}

function describeRoute(
  route: PricedRoute,
  routes: readonly PricedRoute[],
  surroundings: Surroundings,
): string[] {
  const { key, method, path } = route
  const found = samplePaths(path).map((sample) => ({
    route,
    sample,
    ...doorsTo(surroundings, method, sample),
  }))
  const doors = found.flatMap((one) => one.doors)
  const before = doors.find(
    ({ isBehind, layer }) => !isBehind && layer.route?.isForEveryMethod === false && !layer.route.isGated,
  )
  if (before)
    return [
      `"${key}" is also served by a route before the map, where nobody pays. Mount the map before all handlers.`,
    ]
  // What is below a path has names that no sample has.
  if (!path.includes('*') && !doors.some(({ isBehind }) => isBehind))
    return [
      `"${key}" is priced, but nothing behind the map serves it. Compare its method and path with your handlers'.`,
    ]
  // Other samples of the same path tell the same.
  const firstOf = (told: readonly string[][]): string[] | undefined => told.find(({ length }) => length > 0)
  return [describeServed, describeMounted].flatMap(
    (describe) => firstOf(found.map((one) => describe(one, routes))) ?? [],
  )
}

function describeOverride({ gate, stack }: Surroundings): string[] {
  const at = stack.findIndex(({ handle }) => handle === gate)
  if (at < 0 || !stack.slice(at).some(({ name }) => name === 'methodOverride')) return []
  return [
    'methodOverride stands behind the map, which sees only its usual headers and "_method". Mount it before the map.',
  ]
}
