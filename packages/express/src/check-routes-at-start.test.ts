import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { expressPaywall } from './express-paywall.js'
import { sendInProcess } from './gate/in-process.fixture.js'
import { mapOf } from './gate/mounts.fixture.js'
import { BELOW } from './priced-paths.js'
import { quietEngine } from './quiet-engine.fixture.js'

const warnings: string[] = []
const servers: Server[] = []
const paywall = expressPaywall(
  quietEngine({ logger: { warn: (message) => warnings.push(message), error() {} } }),
)
const serve: express.RequestHandler = (_request, response) => void response.json({})

const hand: express.RequestHandler = (_request, _response, next) => next()
/** Every path, as Express 4 or 5 writes it. */
const ANY = BELOW

function router(method: 'get' | 'all', path: string | string[]): express.Router {
  return express.Router()[method](path, serve)
}

afterEach(async () => {
  warnings.length = 0
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

/** Starts a server for an app and gives what it warned about by then. */
async function startOf(mount: (app: Express) => void): Promise<string[]> {
  const app = express()
  mount(app)
  const server = createServer(app)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  expect((server.address() satisfies AddressInfo | string | null) !== null).toBe(true)
  return warnings
}

describe('a server that starts with a route map', () => {
  it('says nothing when every route is served behind the map', async () => {
    const nested = express.Router()
    nested.use(paywall.routes(mapOf(['GET /page', 'GET /nested/other'], 100)))
    nested.get('/page', serve)
    nested.get('/other', serve)
    const parameters = express.Router({ mergeParams: true })
    parameters.get('/items/:item', serve)
    const warned = await startOf((app) => {
      app.use(express.json(), express.static('nowhere'), (_request, _response, next) => next())
      app.use('/api', express.urlencoded(), paywall.paymentRequired({ price: 0 }))
      app.all(/.*/, (_request, _response, next) => next())
      app.use('/nested', nested)
      app.use(
        paywall.routes(
          mapOf(
            [
              'GET /api/joke',
              'HEAD /api/joke',
              'POST /shops/:shop/items/:item',
              'GET /shops/:shop/items/:item',
              'ALL /any',
              `ALL /files${BELOW}`,
              'GET /premium',
              `ALL /premium${BELOW}`,
              'ALL /served',
              `ALL /served${BELOW}`,
              'GET /shop',
            ],
            100,
          ),
        ),
      )
      parameters.post('/items/:item', serve)
      app.get('/api/joke', serve)
      app.use('/shops/:shop', parameters)
      app.all('/any', serve)
      app.use('/files', express.static('.'))
      app.use('/premium', express.Router().get('/', serve).get('/deep', serve))
      app.use('/served', serve)
      app.use('/shop', (_request, _response, next) => next())
      app.use(
        '/shop',
        express
          .Router()
          .get('/', serve)
          .get('/fee', paywall.paymentRequired({ price: 5 }), serve),
      )
      app.use(serve)
    })
    expect(warned).toEqual([])
  })

  it.each<[string, string, (app: Express) => void]>([
    ['a misspelt path', 'GET /api/jokes', (app) => app.get('/api/joke', serve)],
    ['a method that no handler has', 'POST /api/joke', (app) => app.get('/api/joke', serve)],
    ['a path without its mount', 'GET /joke', (app) => app.use('/api', express.Router().get('/joke', serve))],
  ])('warns about %s', async (_case, key, mount) => {
    const warned = await startOf((app) => {
      app.use(express.json(), paywall.routes(mapOf([key], 100)))
      mount(app)
    })
    expect(warned).toEqual([
      `stripe402: "${key}" is priced, but nothing behind the map serves it. Compare its method and path with your handlers'.`,
    ])
  })

  it('warns about a route that stands before the map', async () => {
    const warned = await startOf((app) => {
      app.get('/api/joke', serve)
      app.use(paywall.routes(mapOf(['GET /api/joke'], 100)))
    })
    expect(warned).toEqual([expect.stringContaining('"GET /api/joke" is also served by a route before')])
  })

  it('warns about a handler that answers other methods for nothing', async () => {
    const warned = await startOf((app) => {
      app.use(paywall.routes(mapOf(['GET /api/joke'], 100)))
      app.all('/api/joke', serve)
    })
    expect(warned).toEqual([expect.stringContaining('Write "ALL /api/joke"')])
  })

  it.each<[string, string, string, (app: Express) => void]>([
    ['several paths', 'GET /joke', '/joke', (app) => app.all(['/joke', '/joke/'], serve)],
    ['a regular expression', 'GET /joke', '/joke', (app) => app.all(/^\/joke$/, hand, serve)],
    ['other letters', 'GET /joke', '/joke', (app) => app.all('/Joke', serve)],
    ['a parameter of another name', 'GET /x/:id', '/x/:id', (app) => app.all('/x/:name', serve)],
    ['a path in a router', 'GET /in/joke', '/in/joke', (app) => app.use('/in', router('all', '/:page'))],
    [
      'a path before a page for whatever is left',
      'GET /joke',
      '/joke',
      (app) => app.all('/Joke', hand).get(ANY, serve),
    ],
  ])('warns about a handler of every method at %s', async (_case, key, path, mount) => {
    const warned = await startOf((app) => {
      app.use(paywall.routes(mapOf([key], 100)))
      mount(app)
    })
    expect(warned).toContainEqual(
      `stripe402: The handler of "${key}" answers every method, and the others are free. Write "ALL ${path}".`,
    )
  })

  it.each<[string, string[], string, (app: Express) => void]>([
    ['another path', ['GET /a/joke'], '"/b/joke"', (app) => app.get(['/a/joke', '/b/joke'], serve)],
    ['another method and path', ['GET /joke'], '"/j"', (app) => app.all(['/joke', '/j'], serve)],
    [
      'another path of every method',
      ['ALL /joke', 'GET /j'],
      '"/j"',
      (app) => app.all(['/joke', '/j'], serve),
    ],
    [
      'another path in a router',
      ['GET /in/a'],
      '"/in/b"',
      (app) => app.use('/in', router('get', ['/a', '/b'])),
    ],
    [
      'a parameter',
      ['GET /x', 'GET /x/:page'],
      '"/:page"',
      (app) => app.get(['/x', '/:page', '/x/:id'], serve),
    ],
    ['an expression', ['GET /a/joke'], '/joke/', (app) => app.get(/joke/, serve)],
    ['an expression among others', ['GET /a'], '/joke/i', (app) => app.get(['/a', /joke/i], serve)],
  ])('warns about a handler that also serves %s', async (_case, keys, other, mount) => {
    const warned = await startOf((app) => {
      app.use(paywall.routes(mapOf(keys, 100)))
      mount(app)
    })
    expect(warned).toContainEqual(
      `stripe402: The handler of "${keys[0]}" also serves ${other}: what nobody has priced of that is free. ` +
        'Price it too, or put paymentRequired before the handler.',
    )
  })

  it('says nothing of other paths that are priced, and of what hands on', async () => {
    const warned = await startOf((app) => {
      const keys = [
        'GET /a',
        'GET /b',
        'GET /c/:id',
        'ALL /d',
        'GET /e',
        'GET /in/f',
        'GET /in/g',
        'ALL /h',
        'POST /i',
        'HEAD /j',
      ]
      app.use(paywall.routes(mapOf([...keys, `ALL /k${BELOW}`, 'GET /k/page', 'GET /l'], 100)))
      app.all(ANY, hand)
      app.get(/.*/, hand)
      app.get(['/a', '/B/', '/c/:name'], serve)
      app.all(['/d', '/D'], serve)
      app.get(['/e', /^\/e[0-9]$/], paywall.paymentRequired({ price: 100 }), serve)
      app.use('/in', router('get', ['/f', '/g']))
      app.get('/h', serve)
      app.post(['/i'], serve)
      app.get(['/j'], serve)
      app.all('/k/:page', serve)
      app.get('/l', serve)
      app.get(/.*/, serve)
      app.all(ANY, serve)
    })
    expect(warned).toEqual([])
  })

  it.each<[string, string, (app: Express) => void, string]>([
    [
      'a handler that app.use mounts at a priced path',
      'GET /api/joke',
      (app) => app.use('/api/joke', serve),
      `"GET /api/joke" is served by "serve", which app.use mounts: every method and every path below it reach that, and are free. Write "ALL /api/joke" and "ALL /api/joke${BELOW}"`,
    ],
    [
      'one that may hand on, and nothing behind it',
      'GET /api/joke',
      (app) =>
        app.use('/api', (request, response, next) =>
          request.path === '/joke' ? void response.json({}) : next(),
        ),
      'is served by a handler without a name, which app.use mounts',
    ],
    [
      'one that cannot hand on, before a route',
      'ALL /api/joke',
      (app) => app.use('/api/joke', serve).all('/api/joke', serve),
      `Write "ALL /api/joke" and "ALL /api/joke${BELOW}"`,
    ],
    [
      'a router of which the root alone is priced',
      'ALL /premium',
      (app) => app.use('/premium', express.Router().get('/', serve).get('/deep/:page', serve)),
      '"ALL /premium" prices the root of a router alone; "/deep/:page" below it is free.',
    ],
    [
      'a file',
      'GET /paid/index.html',
      (app) => app.use(express.static('.')),
      `"GET /paid/index.html" is served by express.static, which has other names for a file, free of charge: a folder for its index, a name without its extension. Write "ALL /paid${BELOW}"`,
    ],
    [
      'files of one folder, whose folders are free',
      'GET /files/:name',
      (app) => app.use('/files', express.static('.')),
      `Write "ALL /files${BELOW}"`,
    ],
  ])('warns about %s', async (_case, key, mount, warning) => {
    const warned = await startOf((app) => {
      app.use(paywall.routes(mapOf([key], 100)))
      mount(app)
    })
    expect(warned).toEqual([expect.stringContaining(warning)])
  })

  it.each<[string, (app: Express) => void]>([
    [
      'a handler',
      (app) =>
        app.use('/api', (request, response, next) =>
          request.path === '/joke' ? void response.json({}) : next(),
        ),
    ],
    ['files', (app) => app.use('/api', express.static('.'))],
    ['a mounted app', (app) => app.use('/api', express().get('/joke', serve))],
  ])('warns about %s that app.use mounts before the map', async (_case, mount) => {
    const warned = await startOf((app) => {
      mount(app)
      app.use(paywall.routes(mapOf(['GET /api/joke'], 100)))
      app.get('/api/joke', serve)
    })
    expect(warned).toEqual([
      expect.stringMatching(
        /"GET \/api\/joke" may also be served by .*, which app\.use mounts before the map/,
      ),
    ])
  })

  it('warns about a method override behind the map', async () => {
    const warned = await startOf((app) => {
      app.use(paywall.routes(mapOf(['GET /api/joke'], 100)))
      app.use(function methodOverride(_request, _response, next) {
        next()
      })
      app.get('/api/joke', serve)
    })
    expect(warned).toEqual([expect.stringContaining('methodOverride stands behind the map')])
  })

  it('warns with the first request at the latest, and once', async () => {
    const app = express()
    const sub = express()
    sub.use(paywall.routes(mapOf(['GET /api/jokes'], 100)))
    sub.get('/joke', serve)
    app.use('/api', sub)
    const hidden = createServer((request, response) => void app(request, response))
    servers.push(hidden)
    await new Promise<void>((resolve) => hidden.listen(0, '127.0.0.1', resolve))
    expect(warnings).toEqual([])
    await sendInProcess(app, { method: 'GET', target: '/api/joke' })
    await sendInProcess(app, { method: 'GET', target: '/api/joke' })
    expect(warnings).toEqual([expect.stringContaining('"GET /api/jokes" is priced, but nothing')])
  })
})

describe('expressPaywall.routes', () => {
  it.each([
    ['GET /a', 'GET /a/'],
    ['GET /a', 'get /A'],
    ['ALL /a/:id', 'ALL /A/:id/'],
  ])('refuses "%s" beside "%s": they are one route to Express', (one, other) => {
    expect(() => paywall.routes(mapOf([one, other], 100))).toThrow(/one route to Express/)
  })
})
