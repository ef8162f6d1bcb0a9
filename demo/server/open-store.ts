import { access, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PostgresStore, RedisStore, type Store } from '@stripe402/server'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { DemoError } from './demo-error.js'
import type { DemoSettings } from './demo-settings.js'

/** Where the balances are, and how to leave it. */
export interface OpenStore {
  store: Store
  /** For a person. */
  name: string
  close(): Promise<void>
}

/**
 * Opens Redis or Postgres when the environment names one, else a database of our own in the data folder.
 *
 * @throws DemoError when both are named.
 */
export async function openStore(
  { redisUrl, databaseUrl }: Pick<DemoSettings, 'redisUrl' | 'databaseUrl'>,
  dataFolder: string,
  say: (line: string) => void,
): Promise<OpenStore> {
  if (redisUrl && databaseUrl)
    throw new DemoError(
      'REDIS_URL and DATABASE_URL are both set. Credit lives in one place: keep one of them.',
    )
  if (redisUrl) return openRedis(redisUrl)
  if (databaseUrl) return openPostgres(databaseUrl)
  return openPGlite(join(dataFolder, 'pglite'), say)
}

function openRedis(url: string): OpenStore {
  // A Redis that is not there should be told at once, not after twenty tries.
  const redis = new Redis(url, { maxRetriesPerRequest: 3 })
  // The store tells of a connection that fails with each command; without a listener it would be told twice.
  redis.on('error', () => {})
  return {
    store: new RedisStore(redis),
    name: 'Redis (REDIS_URL)',
    async close() {
      if (redis.status === 'ready') await redis.quit()
      else redis.disconnect()
    },
  }
}

function openPostgres(connectionString: string): OpenStore {
  const pool = new Pool({ connectionString })
  // An idle connection that breaks is replaced; unheard, the event would end the process.
  pool.on('error', () => {})
  return { store: new PostgresStore(pool), name: 'Postgres (DATABASE_URL)', close: () => pool.end() }
}

async function openPGlite(folder: string, say: (line: string) => void): Promise<OpenStore> {
  if (!(await exists(folder))) {
    say(`making a database in ${folder}; this takes a few seconds, once`)
    // Under another name until it is whole: who presses Ctrl-C meanwhile must not find half of one next time.
    const unfinished = `${folder}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await (await PGlite.create(unfinished)).close()
    await rename(unfinished, folder)
  }
  const pglite = await PGlite.create(folder)
  return { store: new PostgresStore(pglite), name: `PGlite (${folder})`, close: () => pglite.close() }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
