import { posix } from 'node:path'
import { type Door, type MountedRouter, samplePaths } from './doors.js'
import { BELOW, isFolderPriced, pricedPaths } from './priced-paths.js'
import type { PricedRoute } from './route-map.js'

/** A key of a map with what serves it, at one of the paths that it stands for. */
interface Found {
  route: PricedRoute
  sample: string
  doors: readonly Door[]
  routers: readonly MountedRouter[]
}

/**
 * Says which doors of a priced path `app.use` has made that the map leaves open: what it mounts answers every method, and
 * whatever is below its path.
 */
export function describeMounted(found: Found, routes: readonly PricedRoute[]): string[] {
  return describeBefore(found) ?? describeHandler(found, routes) ?? describeRouter(found, routes) ?? []
}

function describeBefore({ route, doors }: Found): string[] | undefined {
  const before = doors.find(({ isBehind, layer }) => !isBehind && !layer.route && !layer.isForEveryPath)
  return (
    before && [
      `"${route.key}" may also be served by ${nameOf(before)}, which app.use mounts before the map, where nobody pays. ` +
        'Mount the map before it.',
    ]
  )
}

function describeHandler(
  { route, sample, doors }: Found,
  routes: readonly PricedRoute[],
): string[] | undefined {
  const behind = doors.filter(({ isBehind }) => isBehind)
  const mounted = behind.filter(({ layer }) => !layer.route)
  const isElsewhere = behind.some(({ layer }) => layer.route || layer.name === 'mounted_app')
  const handler = mounted.find(
    ({ layer }) =>
      !['serveStatic', 'mounted_app'].includes(layer.name) && !(isElsewhere && mayHandOn(layer.handle)),
  )
  if (handler) {
    const isPriced = pricedPaths(routes.filter(({ method }) => method === 'all'))
    if (isPriced(sample) && isFolderPriced(isPriced, sample)) return undefined
    return [
      `"${route.key}" is served by ${nameOf(handler)}, which app.use mounts: every method and every path below it reach ` +
        `that, and are free. Write "ALL ${route.path}" and "ALL ${route.path}${BELOW}", or put paymentRequired before it.`,
    ]
  }
  if (isElsewhere || mounted.length === 0) return undefined
  const isPriced = pricedPaths(routes.filter(({ method }) => method === 'all' || method === 'get'))
  const folder = posix.dirname(route.path)
  if ([sample, posix.dirname(sample)].some((path) => isFolderPriced(isPriced, path))) return undefined
  return [
    `"${route.key}" is served by express.static, which has other names for a file, free of charge: a folder for its index, ` +
      `a name without its extension. Write "ALL ${folder === '/' ? '' : folder}${BELOW}", or put paymentRequired before ` +
      'express.static.',
  ]
}

/** A router's root is one of its routes; who prices the path of its mount may have meant all of them. */
function describeRouter(
  { route, sample, routers }: Found,
  routes: readonly PricedRoute[],
): string[] | undefined {
  const isPriced = pricedPaths(routes)
  const paths = routers
    .filter(({ isBehind }) => isBehind)
    .flatMap(({ inner }) =>
      inner.flatMap((layer) => (layer.route && !layer.route.isGated ? [layer.route.path] : [])),
    )
    .filter((path) => typeof path === 'string')
  const free = paths.find((path) => samplePaths(path).every((inner) => !isPriced(sample + inner)))
  return free === undefined
    ? undefined
    : [
        `"${route.key}" prices the root of a router alone; "${free}" below it is free. Write "ALL ${route.path}" and ` +
          `"ALL ${route.path}${BELOW}" for all of it, or put paymentRequired before the router.`,
      ]
}

/** Two parameters, and it has no way to hand a request on. */
function mayHandOn(handler: unknown): boolean {
  return typeof handler !== 'function' || handler.length > 2
}

function nameOf({ layer: { name } }: Door): string {
  return name === '' || name === '<anonymous>' ? 'a handler without a name' : `"${name}"`
}
