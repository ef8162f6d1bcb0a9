import { PostgresStore, RedisStore, type Store } from '@stripe402/server'
import { Redis } from 'ioredis'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { startPostgres, startRedis } from '../../../scripts/local-servers.js'
import { openShop } from './shop.fixture.js'

const CREDIT_UNITS = 50_000
const PRICE_UNITS = 500
const AFFORDABLE = CREDIT_UNITS / PRICE_UNITS

interface Place {
  store: Store
  stop(): Promise<void>
}

const PLACES: Record<string, () => Promise<Place>> = {
  async Redis() {
    const server = await startRedis({ settings: { appendfsync: 'no' } })
    const redis = new Redis(server.url)
    return {
      store: new RedisStore(redis),
      async stop() {
        redis.disconnect()
        await server.stop()
      },
    }
  },
  async PostgreSQL() {
    const server = await startPostgres({ settings: { fsync: 'off' } })
    const pool = new pg.Pool({ connectionString: server.url })
    pool.on('error', () => {})
    return {
      store: new PostgresStore(pool),
      async stop() {
        await pool.end()
        await server.stop()
      },
    }
  },
}

describe('many requests at once over HTTP', () => {
  it.each(Object.entries(PLACES))(
    'are served as often as the credit in %s pays for',
    async (_name, open) => {
      const { store, stop } = await open()
      const shop = await openShop(
        (app, paywall, served) => {
          app.get('/api/weather', paywall.paymentRequired({ price: PRICE_UNITS }), (_request, response) => {
            served.push('weather')
            response.json({})
          })
        },
        { store },
      )
      try {
        const clientId = await shop.topUp({ paymentMethodId: 'pm_card_visa', topUpAmount: CREDIT_UNITS })
        const replies = await Promise.all(
          Array.from({ length: 2 * AFFORDABLE }, () => shop.pay('/api/weather', { clientId })),
        )
        const count = (status: number): number => replies.filter((reply) => reply.status === status).length
        expect({ served: count(200), refused: count(402) }).toEqual({
          served: AFFORDABLE,
          refused: AFFORDABLE,
        })
        expect(shop.served).toHaveLength(AFFORDABLE)
        expect(await shop.account(clientId)).toMatchObject({ spent: CREDIT_UNITS, held: 0, available: 0 })
      } finally {
        await shop.stop()
        await stop()
      }
    },
    120_000,
  )
})
