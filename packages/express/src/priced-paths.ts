import express from 'express'
import { stackOf } from './express-stack.js'
import type { PricedRoute } from './route-map.js'

/** Matches everything below a path: Express 4 has no names for it, and 5 asks for one. */
export const BELOW: string = 'lazyrouter' in express.application ? '/*' : '/*path'

/** Says of a path whether one of these routes prices it, by Express's own matcher. */
export function pricedPaths(routes: readonly PricedRoute[]): (path: string) => boolean {
  const router = express.Router()
  for (const { path } of routes) router.all(path, (_request, _response, next) => next())
  const layers = stackOf(router)
  return (path) => layers.some((layer) => layer.rest(path) !== null)
}

/** Whether all that is in a folder is priced, and what is in its folders. */
export function isFolderPriced(isPriced: (path: string) => boolean, folder: string): boolean {
  return ['a', 'a/b'].every((name) => isPriced(`${folder === '/' ? '' : folder}/${name}`))
}
