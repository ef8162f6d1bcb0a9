import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigurationError, createStripe402, MemoryStore } from '@stripe402/server'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expressPaywall } from './express-paywall.js'
import { openShop, type Shop } from './shop.fixture.js'

/** Express 4 has another pattern for everything below. */
const WILDCARD = 'lazyrouter' in express.application ? '*' : '{/*path}'

let shop: Shop
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe402-files-'))
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'plain.txt'), 'plain')
  await writeFile(join(folder, 'index.html'), 'index')
  shop = await openShop((app, paywall, served) => {
    const serve: express.RequestHandler = (request, response) => {
      served.push(`${request.method} ${request.originalUrl}`)
      response.json({})
    }
    app.use(
      paywall.routes({
        'GET /api/joke': { price: 100 },
        'POST /api/images/:id': { price: 1000 },
        'GET /mounted/deep/thing': { price: 100 },
        'ALL /any': { price: 100 },
        'GET /files/secret.txt': { price: 1000 },
        'GET /files/:name': { price: 100 },
        'GET /old/page': { price: 100 },
        'GET /report/index.html': { price: 100 },
        [`ALL /folder${WILDCARD}`]: { price: 100 },
        'GET /articles/:id': { price: 100 },
      }),
    )
    const nested = express.Router()
    nested.use(paywall.routes({ 'GET /inner': { price: 100 } }))
    nested.get('/inner', serve)
    app.use('/nested', nested)
    const rewritten = express()
    rewritten.use((request, _response, next) => {
      request.url = request.url.replace('/v1', '')
      next()
    })
    rewritten.use(paywall.routes({ 'GET /legacy/thing': { price: 100 } }))
    rewritten.get('/thing', serve)
    app.use('/legacy', rewritten)
    app.head('/old/page', serve)
    app.use('/files', (request, response, next) => {
      served.push(request.originalUrl)
      express.static(folder)(request, response, next)
    })
    app.get('/api/joke', serve)
    app.post('/api/images/:id', serve)
    app.get('/api/health', serve)
    app.use(['/report', '/folder'], (request, response, next) => {
      served.push(request.originalUrl)
      express.static(folder)(request, response, next)
    })
    app.get('/articles', serve)
    app.get('/articles/:id', serve)
    app.all('/any', serve)
    const inner = express.Router()
    inner.get('/thing', serve)
    app.use('/mounted/deep', inner)
    const priced = express.Router()
    priced.get('/page', serve)
    app.use('/premium', paywall.paymentRequired({ price: 100 }), priced)
  })
})
afterAll(async () => {
  await shop.stop()
  await rm(folder, { recursive: true })
})

describe('expressPaywall.routes', () => {
  it.each([
    ['GET', '/api/joke'],
    ['HEAD', '/api/joke'],
    ['GET', '/api/joke/'],
    ['GET', '/API/JOKE'],
    ['GET', '/Api/Joke/?a=1'],
    ['GET', '//api/joke'],
    ['GET', '/api//joke'],
    ['GET', '/api/%6Aoke'],
    ['POST', '/api/images/7'],
    ['POST', '/api/images/7/'],
    ['POST', '/API/images/%37'],
    ['GET', '/mounted/deep/thing'],
    ['HEAD', '/MOUNTED/deep/thing/'],
    ['PUT', '/any'],
    ['DELETE', '/ANY/'],
    ['OPTIONS', '/any'],
    ['HEAD', '/old/page'],
    ['GET', '/nested/inner'],
    ['GET', '/legacy/v1/thing'],
    ['GET', '/legacy/thing'],
    ['OPTIONS', '/premium/page'],
    ['GET', '/premium/page'],
    ['HEAD', '/premium/page'],
    ['GET', '/premium/page/'],
    ['GET', '/PREMIUM/PAGE'],
  ])('lets nobody through unpaid: %s %s', async (method, path) => {
    const before = shop.served.length
    const reply = await shop.get(path, { method })
    expect(reply.status).toBe(402)
    expect(shop.served.length).toBe(before)
  })

  it.each([
    '/files/./secret.txt',
    '/files/x/../secret.txt',
    '/files//secret.txt',
    '/files/%2e/secret.txt',
    '/files/x/%2e%2e/secret.txt',
    '/x/../files/secret.txt',
    '/FILES/secret.txt?a=1',
    'http://elsewhere.example/files/secret.txt',
    'http://elsewhere.example/files/./secret.txt',
    'http://elsewhere.example/api/joke',
    '/api/joke#fragment',
    '/api\\joke',
    '/./api/joke',
    '/api/joke//',
    '/api%2fjoke',
  ])('has no door that a browser would not try: %s', async (target) => {
    const before = shop.served.length
    expect(await rawStatus(target)).toBe(402)
    expect(shop.served.length).toBe(before)
  })

  it.each([
    '/report/',
    '/report//',
    '/REPORT/?a=1',
    '/report/./',
    '/folder',
    '/folder/',
    '/folder/index.html',
  ])('gates the index of a folder: %s', async (target) => {
    const before = shop.served.length
    expect(await rawStatus(target)).toBe(402)
    expect(shop.served.length).toBe(before)
  })

  it('leaves a page alone that has a trailing slash and no price', async () => {
    expect(await rawStatus('/articles/')).toBe(200)
    expect(await rawStatus('/articles/7/')).toBe(402)
  })

  it('refuses a path that reads as two prices', async () => {
    expect(await rawStatus('/files/%73ecret.txt')).toBe(400)
    expect(await rawStatus('/files/plain.txt')).toBe(402)
  })

  it('has no variant of method and path that runs a paid handler', async () => {
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
    const spellings = (path: string): string[] => [
      path,
      `${path}/`,
      `${path}//`,
      path.toUpperCase(),
      path.replace('/', '//'),
      path.replaceAll('/', '//'),
      path.replaceAll('/', '/./'),
      `/x/..${path}`,
      `${path}?a=1`,
      `${path}?`,
      `${path}#a`,
      `${path};a=1`,
      `${path}/.`,
      `${path}/x/..`,
      `${path}%20`,
      `${path}%00`,
      `${path}\u00a0`,
      path.replaceAll('/', '\\'),
      path.replace('/', '/%2e/'),
      encodeURIComponent(path),
      `/${encodeURIComponent(path.slice(1))}`,
      path.replace(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
      path.replace(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
      `http://elsewhere.example${path}`,
      `http://elsewhere.example/${path}`,
      `HTTP://ELSEWHERE.EXAMPLE:80${path}/`,
      `//elsewhere.example${path}`,
      `/${path}#`,
      `/%${path}`,
      `${path}%`,
    ]
    const before = shop.served.length
    let tried = 0
    for (const path of ['/any', '/premium/page', '/mounted/deep/thing'])
      for (const target of spellings(path))
        for (const method of methods) {
          tried += 1
          const status = await rawStatus(target, method)
          // Express tells the methods of a path by itself.
          if (method !== 'OPTIONS') expect([400, 402, 404], `${method} ${target}`).toContain(status)
        }
    expect(tried).toBeGreaterThan(600)
    expect(shop.served.slice(before)).toEqual([])
  })

  it.each([
    ['GET', '/api/joke'],
    ['HEAD', '/api/joke'],
    ['GET', '/API/JOKE/'],
    ['POST', '/api/images/7'],
    ['GET', '/mounted/deep/thing/'],
    ['PUT', '/any'],
    ['HEAD', '/premium/page'],
  ])('serves who has paid: %s %s', async (method, path) => {
    const reply = await shop.pay(path, { paymentMethodId: 'pm_card_visa' }, { method })
    expect(reply.status).toBe(200)
    expect(shop.served.at(-1)).toBe(`${method} ${path}`)
  })

  it('leaves other routes alone', async () => {
    expect((await shop.get('/api/health')).status).toBe(200)
    expect((await shop.get('/api/nothing')).status).toBe(404)
  })

  it('answers 400 to a path that cannot be decoded', async () => {
    expect((await shop.get('/api/joke%ff')).status).toBe(400)
  })

  it('gives back the price of a path that nobody serves', async () => {
    const reply = await shop.pay('/api//joke', { paymentMethodId: 'pm_card_visa' })
    expect(reply.status).toBe(404)
  })

  it.each(['/api/joke', 'GET', 'FETCH /api/joke', 'GET api/joke', 'GET /('])(
    'refuses "%s" as a route at start-up',
    (route) => {
      const stripe402 = createStripe402({
        stripe: { secretKey: 'sk_test_local' },
        publishableKey: 'pk_test_local',
        secret: 'the shop secret of thirty-two bytes',
        store: new MemoryStore(),
      })
      expect(() => expressPaywall(stripe402).routes({ [route]: { price: 100 } })).toThrow(ConfigurationError)
    },
  )
})

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
afterAll(() => agent.destroy())

/** Asks for a target as it stands; fetch would tidy it up first. */
function rawStatus(target: string, method = 'GET'): Promise<number | undefined> {
  const { hostname, port } = new URL(shop.url)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path: target, method, agent }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    request.on('error', reject)
    request.end()
  })
}
