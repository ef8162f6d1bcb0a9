import type { Redis } from 'ioredis'
import type pg from 'pg'
import Stripe from 'stripe'
import type { PostgresConnection } from '../store/postgres/connection.js'
import type { Store } from '../store.js'
import type { CrashPoints } from './crash-points.fixture.js'
import type { Surroundings } from './job.fixture.js'

const COMMANDS = new Set(['evalsha', 'eval', 'get', 'exists', 'hmget', 'info', 'xrevrange', 'zrangebylex'])

/** The same connection, with a crash point on both sides of each command and of each pipeline. */
export function watchRedis(redis: Redis, points: CrashPoints): Redis {
  return new Proxy(redis, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name === 'pipeline')
        return () => {
          const pipeline = target.pipeline()
          const exec = pipeline.exec.bind(pipeline)
          pipeline.exec = () => points.sent('pipeline', exec)
          return pipeline
        }
      return (...args: unknown[]): unknown => {
        const run = (): unknown => Reflect.apply(member, target, args)
        return COMMANDS.has(String(name)) ? points.sent(String(name), async () => run()) : run()
      }
    },
  })
}

/** The same pool, with a crash point on both sides of each statement. */
export function watchPool(pool: pg.Pool, points: CrashPoints): PostgresConnection {
  return { query: (text, values) => points.sent('query', () => pool.query(text, values)) }
}

/**
 * The same store, whose verbs give their names to the points within. It is started once however many shops use it, and
 * a sweeper finds everything that is open: nobody has to wait for a minute.
 */
export function watchStore(store: Store, points: CrashPoints): Store {
  let started: unknown
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        const given = name === 'due' ? [{ idleMs: 0, limit: 1000 }] : args
        const call = (): unknown =>
          points.verb(`store.${String(name)}`, () => Reflect.apply(member, target, given))
        if (name === 'open') started = undefined
        if (name !== 'start') return call()
        started ??= call()
        return started
      }
    },
  })
}

/** A client for the local Stripe, with a crash point on both sides of each request. */
export function watchedStripe({ stripe }: Surroundings, points: CrashPoints): Stripe {
  const { hostname, port } = new URL(stripe.url)
  const http = Stripe.createNodeHttpClient()
  const makeRequest = http.makeRequest.bind(http)
  http.makeRequest = (...request) => {
    const [, , path, method] = request
    const route = path.replace(/\?.*/, '').replace(/(?<=\/)(pi|pm|ctoken)_\w+/, ':id')
    return points.sent(`Stripe ${method} ${route}`, () => makeRequest(...request))
  }
  return new Stripe(stripe.secretKey, {
    host: hostname,
    port,
    protocol: 'http',
    telemetry: false,
    httpClient: http,
  })
}
