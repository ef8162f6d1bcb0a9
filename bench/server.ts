import { createServer } from 'node:http'
import { expressPaywall } from '@stripe402/express'
import { createStripe402, MemoryStore, PostgresStore, RedisStore, type Store } from '@stripe402/server'
import express from 'express'
import { Redis } from 'ioredis'
import pg from 'pg'
import { BENCH_CLIENT } from './bench-client.js'

/** Counts what goes to the store: one call is one round trip. */
const counters = { roundTrips: 0 }

interface OpenStore {
  store: Store
  close(): Promise<unknown>
}

function openStore(kind: string, url: string): OpenStore {
  if (kind === 'redis') return openRedis(url)
  if (kind === 'postgres') return openPostgres(url)
  return { store: new MemoryStore(), close: async () => {} }
}

function openRedis(url: string): OpenStore {
  const redis = new Redis(url)
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (...args) => {
    counters.roundTrips += 1
    return send(...args)
  }
  return { store: new RedisStore(redis, { logger: { warn() {} } }), close: () => redis.quit() }
}

function openPostgres(url: string): OpenStore {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const counted = {
    query(text: string, values?: unknown[]) {
      counters.roundTrips += 1
      return pool.query(text, values)
    },
  }
  return { store: new PostgresStore(counted), close: () => pool.end() }
}

/** One Express app with the same handler twice, bare and paid. Tells its parent the port; ends when it is disconnected. */
async function serve(kind: string, url: string): Promise<void> {
  const { store, close } = openStore(kind, url)
  const stripe402 = createStripe402({
    // Nothing is charged here: the account below has credit for as long as anybody can measure.
    stripe: { secretKey: 'sk_test_bench', apiBase: 'http://127.0.0.1:9' },
    publishableKey: 'pk_test_bench',
    secret: 'the secret of a benchmark, 32 bytes',
    store,
  })
  await store.start()
  // Nobody can ask Stripe here whether this new store should hold something.
  await store.open()
  await stripe402.start()
  await store.credit({
    ...BENCH_CLIENT,
    units: 1_000_000_000_000,
    paymentIntentId: 'pi_bench',
    purchaseId: null,
  })
  const paywall = expressPaywall(stripe402)
  const handler: express.RequestHandler = (_request, response) => {
    response.json({ temperature: 21, conditions: 'sunny' })
  }
  const app = express()
  app.get('/bare', handler)
  app.get('/paid', paywall.paymentRequired({ price: 100 }), handler)
  app.get('/counters', (_request, response) => {
    response.json(counters)
  })
  const server = createServer(app).listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address !== null) process.send?.({ port: address.port })
  })
  process.once('disconnect', async () => {
    server.closeAllConnections()
    server.close()
    await stripe402.close()
    await close()
  })
}

const [kind = 'memory', url = ''] = process.argv.slice(2)
await serve(kind, url)
