import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type LocalServer, startPostgres, startRedis } from '../../../../scripts/local-servers.js'
import type { Answer } from '../refusal.js'
import { openSeller, requestWith, type Seller } from '../seller.fixture.js'
import { MemoryStore, PostgresStore, RedisStore } from '../store/index.js'
import type { AccountKey, Store } from '../store.js'
import { openStore } from '../testing/open-store.js'

function ask({ stripe402 }: Seller, { clientId }: AccountKey, query = ''): Promise<Answer> {
  const url = `/.well-known/stripe402/history${query}`
  return stripe402.history({ ...requestWith({ clientId }), method: 'GET', url })
}

function open(store: Store): Seller {
  return openSeller({ store })
}

describe('answerHistory', () => {
  it('tells what came and went', async () => {
    const seller = open(new MemoryStore())
    const { account, paymentIntentId } = await seller.topUp()
    const { status, body } = await ask(seller, account)
    assert.equal(status, 200)
    assert.deepEqual(
      JSON.parse(body).entries.map(({ reference }: { reference: string }) => reference),
      [paymentIntentId],
    )
  })

  it('does not say that nothing was bought where the store has lost what it knew', async () => {
    const store = new MemoryStore()
    const seller = open(store)
    const { account } = await seller.topUp()
    store.wipe()
    assert.equal((await ask(seller, account)).status, 503)
    await seller.stripe402.reconcile()
    assert.equal((await ask(seller, account)).status, 200)
  })
})

describe.each(['memory', 'Redis', 'PostgreSQL'] as const)('answerHistory, over %s', (kind) => {
  let seller: Seller
  let account: AccountKey
  let stop: () => Promise<unknown>
  beforeAll(async () => {
    const { store, ...backing } = await BACKINGS[kind]()
    await openStore(store)
    stop = backing.stop
    seller = open(store)
    account = (await seller.topUp()).account
    await seller.topUp()
  }, 120_000)
  afterAll(async () => {
    await seller.close()
    await stop()
  })

  it('says that an id of another store, or none, is no place to go on from', async () => {
    const [last] = await seller.store.history(account, { limit: 1 })
    assert.equal((await ask(seller, account, `?before=${last?.id}`)).status, 200)
    assert.equal((await ask(seller, account, '?before=')).status, 200)
    const ofAnother = { memory: [], Redis: ['5', '9'.repeat(18)], PostgreSQL: ['1-1', '9'.repeat(18)] }
    for (const before of [...ofAnother[kind], '-', 'x']) {
      const { status, body } = await ask(seller, account, `?before=${before}`)
      assert.equal(status, 400)
      assert.match(JSON.parse(body).detail, /before must be the id of an entry/)
    }
    assert.deepEqual(
      seller.events.filter(({ type }) => type === 'fault'),
      [],
    )
  })
})

const BACKINGS = {
  memory: async () => ({ store: new MemoryStore(), stop: async () => {} }),
  async Redis() {
    const server: LocalServer = await startRedis({ settings: { appendfsync: 'no' } })
    const redis = new Redis(server.url)
    const stop = async (): Promise<void> => {
      redis.disconnect()
      await server.stop()
    }
    return { store: new RedisStore(redis), stop }
  },
  async PostgreSQL() {
    const server: LocalServer = await startPostgres({ settings: { fsync: 'off' } })
    const pool = new pg.Pool({ connectionString: server.url })
    // A connection that the server ends while it is idle is not news.
    pool.on('error', () => {})
    const stop = (): Promise<unknown> => Promise.all([pool.end(), server.stop()])
    return { store: new PostgresStore(pool), stop }
  },
}
