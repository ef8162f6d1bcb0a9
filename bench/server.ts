import { once } from 'node:events'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'
import { expressPaywall } from '@stripe402/express'
import { createStripe402, MemoryStore, PostgresStore, RedisStore, type Store } from '@stripe402/server'
import express from 'express'
import { Redis } from 'ioredis'
import pg from 'pg'
import { boundHeaders, giveCredit } from './bench-client.js'

/** What goes to the store: one command or statement is one round trip. */
let roundTrips = 0

interface OpenStore {
  store: Store
  cpuMicros(): Promise<number>
  close(): Promise<unknown>
}

function openStore(kind: string, url: string): OpenStore {
  if (kind === 'redis') return openRedis(url)
  if (kind === 'postgres') return openPostgres(url)
  return { store: new MemoryStore(), cpuMicros: async () => 0, close: async () => {} }
}

function openRedis(url: string): OpenStore {
  const redis = new Redis(url)
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (...args) => {
    roundTrips += 1
    return send(...args)
  }
  return {
    store: new RedisStore(redis, { logger: { warn() {} } }),
    cpuMicros: async () => cpuMicrosOf(await redis.info('cpu')),
    close: () => redis.quit(),
  }
}

function cpuMicrosOf(info: string): number {
  const seconds = [...info.matchAll(/^used_cpu_(?:sys|user):(.+)$/gm)].map(([, text]) => Number(text))
  return seconds.reduce((sum, each) => sum + each, 0) * 1e6
}

function openPostgres(url: string): OpenStore {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const counted = {
    query(text: string, values?: unknown[]) {
      roundTrips += 1
      return pool.query(text, values)
    },
  }
  return { store: new PostgresStore(counted), cpuMicros: async () => 0, close: () => pool.end() }
}

/** Profiles this process between two requests, and answers the second one with the profile. */
function profiler(): express.Router {
  const session = new Session()
  session.connect()
  const router = express.Router()
  router.get('/start', async (_request, response) => {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 200 })
    await session.post('Profiler.start')
    response.json({})
  })
  router.get('/stop', async (_request, response) => {
    const { profile } = await session.post('Profiler.stop')
    response.json(profile)
  })
  return router
}

/** One Express app with the same handler twice, bare and paid. Tells its parent the port; ends when it is disconnected. */
async function serve(kind: string, url: string): Promise<void> {
  const { store, cpuMicros, close } = openStore(kind, url)
  await giveCredit(store)
  const stripe402 = createStripe402({
    stripe: { secretKey: 'sk_test_bench', apiBase: 'http://127.0.0.1:9' },
    publishableKey: 'pk_test_bench',
    secret: 'the secret of a benchmark, 32 bytes',
    store,
  })
  await stripe402.start()
  const paywall = expressPaywall(stripe402)
  const handler: express.RequestHandler = (_request, response) => {
    response.json({ temperature: 21, conditions: 'sunny' })
  }
  const app = express()
  app.get('/bare', handler)
  app.get('/paid', paywall.paymentRequired({ price: 100 }), handler)
  app.get('/counters', async (_request, response) => {
    const { user, system } = process.cpuUsage()
    response.json({ roundTrips, cpuMicros: user + system, storeCpuMicros: await cpuMicros() })
  })
  app.get('/bound-clients', (_request, response) => {
    response.json(boundHeaders(stripe402.settings))
  })
  app.use('/profile', profiler())
  // A connection waits while others are measured; hung up on, it would never be answered.
  const server = createServer({ keepAliveTimeout: 0 }, app).listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address !== null) process.send?.({ port: address.port })
  })
  process.once('disconnect', async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
    await stripe402.close()
    await close()
  })
}

const [kind = 'memory', url = ''] = process.argv.slice(2)
await serve(kind, url)
