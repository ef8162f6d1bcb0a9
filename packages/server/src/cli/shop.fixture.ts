import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type StripeLocalServer, startStripeLocal } from '@stripe402/stripe-local'
import { Redis } from 'ioredis'
import pg from 'pg'
import { type LocalServer, startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import { openSeller, SECRET, type Seller } from '../seller.fixture.js'
import { PostgresStore, RedisStore } from '../store/index.js'
import { openStore } from '../testing/open-store.js'

/** What a run of the CLI said, and how it ended. */
export interface Finished {
  code: number | null
  out: string
  err: string
}

/** A shop over a real store and a Stripe on a port, and the CLI beside it. */
export interface Shop {
  seller: Seller
  stripe: StripeLocalServer
  environment: Readonly<Record<string, string>>
  /** Runs the CLI in a process of its own. */
  run(args: string[], changes?: Readonly<Record<string, string>>): Promise<Finished>
  /** Loses everything that the store has. */
  wipe(): Promise<void>
  /** A new day: nobody has paid. */
  reset(): Promise<void>
  stop(): Promise<void>
}

const BIN = fileURLToPath(new URL('../../bin/stripe402.js', import.meta.url))
const BUILT = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Opens a shop over one of the stores that a server may use. */
export async function openShop(kind: 'Redis' | 'PostgreSQL'): Promise<Shop> {
  await access(BUILT).catch(() => {
    throw new Error('The CLI is not built: run `npm run build` first.')
  })
  const stripe = await startStripeLocal()
  const over = await (kind === 'Redis' ? overRedis() : overPostgres())
  const seller = openSeller({ stripeLocal: stripe.stripeLocal, store: over.store })
  const environment = {
    STRIPE_SECRET_KEY: stripe.stripeLocal.keys.secretKey,
    STRIPE_API_BASE: stripe.url,
    SERVER_SECRET: SECRET,
    ...over.environment,
  }
  return {
    seller,
    stripe,
    environment,
    run: (args, changes = {}) => runCli(args, { ...environment, ...changes }),
    wipe: over.wipe,
    async reset() {
      await over.wipe()
      stripe.stripeLocal.reset()
      await openStore(over.store)
    },
    async stop() {
      await seller.close()
      await over.stop()
      await stripe.close()
    },
  }
}

interface Backing {
  store: RedisStore | PostgresStore
  environment: Record<string, string>
  wipe(): Promise<void>
  stop(): Promise<void>
}

async function overRedis(): Promise<Backing> {
  const server: LocalServer = await startRedis({ settings: { appendfsync: 'no' } })
  const redis = new Redis(server.url)
  return {
    store: new RedisStore(redis),
    environment: { REDIS_URL: server.url },
    wipe: async () => void (await redis.flushall()),
    async stop() {
      redis.disconnect()
      await server.stop()
    },
  }
}

async function overPostgres(): Promise<Backing> {
  const server: LocalServer = await startPostgres({ settings: { fsync: 'off' } })
  const pool = new pg.Pool({ connectionString: server.url })
  // A connection that the server ends while it is idle is not news.
  pool.on('error', () => {})
  return {
    store: new PostgresStore(pool, { schema: 'shop' }),
    environment: { DATABASE_URL: server.url, DATABASE_SCHEMA: 'shop' },
    wipe: async () => void (await pool.query('DROP SCHEMA IF EXISTS shop CASCADE')),
    async stop() {
      await pool.end()
      await server.stop()
    },
  }
}

function runCli(args: string[], environment: Readonly<Record<string, string>>): Promise<Finished> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...said }))
  })
}
