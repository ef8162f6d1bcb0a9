import { createRequire } from 'node:module'
import express, { type Express, type RequestHandler } from 'express'
import { BELOW } from '../priced-paths.js'
import type { RouteMap } from '../route-map.js'

/** What stands before a handler: the paywall's gates, or nothing at all. */
export interface Gates {
  gate(): RequestHandler
  routes(keys: readonly string[]): RequestHandler
}

/** A way to mount a paid handler, and a path that reaches it. */
export interface Mount {
  name: string
  path: string
  mount(app: Express, gates: Gates, serve: RequestHandler): void
}

/** One price for every key of a map. */
export function mapOf(keys: readonly string[], price: number): RouteMap {
  return Object.fromEntries(keys.map((key) => [key, { price }]))
}

const methodOverride: (getter?: string) => RequestHandler = createRequire(import.meta.url)('method-override')

/** Overrides the method as the usual middleware does. */
const overrideMethod: RequestHandler = (request, _response, next) => {
  const [method] = (request.get('x-http-method-override') ?? '').split(/ *, */)
  if (request.method === 'POST' && method) request.method = method.toUpperCase()
  next()
}

/** The fifteen ways. */
export const MOUNTS: readonly Mount[] = [
  {
    name: 'a gate before the handler of app.get',
    path: '/api/joke',
    mount: (app, { gate }, serve) => app.get('/api/joke', gate(), serve),
  },
  {
    name: 'a gate before the handler of app.all',
    path: '/api/joke',
    mount: (app, { gate }, serve) => app.route('/api/joke').all(gate(), serve),
  },
  {
    name: 'a gate before a handler mounted with app.use, below a method override',
    path: '/api/joke',
    mount: (app, { gate }, serve) => app.use(overrideMethod).use('/api', gate(), serve),
  },
  {
    name: 'a gate before a mounted router',
    path: '/premium/page',
    mount(app, { gate }, serve) {
      const router = express.Router()
      router.get('/page', serve)
      app.use('/premium', gate(), router)
    },
  },
  {
    name: 'a gate within nested routers with parameters that merge',
    path: '/shops/oslo/items/seven',
    mount(app, { gate }, serve) {
      const items = express.Router({ mergeParams: true })
      items.get('/:item', gate(), serve)
      const shops = express.Router()
      shops.use('/:shop/items', items)
      app.use('/shops', shops)
    },
  },
  {
    name: 'a gate before the handler of a regular expression',
    path: '/api/joke',
    mount: (app, { gate }, serve) => app.get(/^\/api\/jok(?:e|es)\/?$/i, gate(), serve),
  },
  {
    name: 'a gate used by a mounted app',
    path: '/sub/page',
    mount(app, { gate }, serve) {
      const sub = express()
      sub.use(gate())
      sub.get('/page', serve)
      app.use('/sub', sub)
    },
  },
  {
    name: 'a gate within a router that minds case and slashes',
    path: '/exact/page',
    mount(app, { gate }, serve) {
      const router = express.Router({ caseSensitive: true, strict: true })
      router.get('/page', gate(), serve)
      app.enable('case sensitive routing').enable('strict routing').use('/exact', router)
    },
  },
  {
    name: 'a map before app.get, above a method override',
    path: '/api/joke',
    mount: (app, { routes }, serve) =>
      app
        .use(routes(['GET /api/joke']))
        .use(overrideMethod)
        .get('/api/joke', serve),
  },
  {
    name: 'a map before nested routers that mind case and slashes',
    path: '/shops/oslo/items/seven',
    mount(app, { routes }, serve) {
      const items = express.Router({ caseSensitive: true, strict: true, mergeParams: true })
      items.get('/:item', serve)
      const shops = express.Router({ caseSensitive: true, strict: true })
      shops.use('/:shop/items', items)
      app.use(routes(['GET /shops/:shop/items/:item'])).use('/shops', shops)
    },
  },
  {
    name: 'a map within a mounted router',
    path: '/nested/inner/page',
    mount(app, { routes }, serve) {
      const inner = express.Router({ mergeParams: true })
      inner.use(routes(['ALL /page']))
      inner.all('/page', serve)
      app.use('/:place/inner', inner)
    },
  },
  {
    name: 'a map of a parameter before a regular expression and a rewrite',
    path: '/v1/pages/seven',
    mount(app, { routes }, serve) {
      app.use((request, _response, next) => {
        request.url = request.url.replace('/v1/', '/')
        next()
      })
      app.use(routes(['ALL /pages/:page']))
      app.all(/^\/pages\/[a-z]+\/?$/i, serve)
    },
  },
  {
    name: 'a map above an override by the query',
    path: '/api/joke',
    mount: (app, { routes }, serve) =>
      app
        .use(routes(['GET /api/joke']))
        .use(methodOverride('_method'))
        .get('/api/joke', serve),
  },
  {
    name: 'a map between two overrides',
    path: '/api/joke',
    mount: (app, { routes }, serve) =>
      app
        .use(methodOverride())
        .use(routes(['GET /api/joke']))
        .use(methodOverride('_method'))
        .get('/api/joke', serve),
  },
  {
    name: 'a map of all below a handler mounted with app.use',
    path: '/api/joke/seven',
    mount: (app, { routes }, serve) =>
      app.use(routes(['ALL /api/joke', `ALL /api/joke${BELOW}`])).use('/api/joke', serve),
  },
]
