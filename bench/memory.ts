import { performance } from 'node:perf_hooks'
import { createStripe402, RedisStore, type Stripe402 } from '@stripe402/server'
import { Redis } from 'ioredis'
import { BARE_HEADERS, giveCredit } from './bench-client.js'

/** What Redis keeps after so many paid requests, and how fast the last of them were. */
export interface MemoryMark {
  requests: number
  perSecond: number
  usedMemory: number
  /** Beyond the first mark. */
  grownBy: string
}

const PRICE = 100
const AT_ONCE = 256

/**
 * Serves paid requests through the engine and a real Redis, without HTTP, and weighs Redis each time a step is done and
 * what expires has expired by Redis's own clock, as it does 15 seconds after a request.
 *
 * @throws Error when not every request was paid for once.
 */
export async function weigh(
  url: string,
  { steps, onMark }: { steps: readonly number[]; onMark?: (mark: MemoryMark) => void },
): Promise<MemoryMark[]> {
  const redis = new Redis(url)
  const store = new RedisStore(redis, { logger: { warn() {} } })
  await giveCredit(store)
  const engine = createStripe402({
    stripe: { secretKey: 'sk_test_bench', apiBase: 'http://127.0.0.1:9' },
    publishableKey: 'pk_test_bench',
    secret: 'the secret of a benchmark, 32 bytes',
    store,
    sweepEveryMs: 0,
  })
  const marks: MemoryMark[] = []
  let requests = 0
  for (const step of steps) {
    const began = performance.now()
    await serve(engine, step - requests)
    const perSecond = Math.round(((step - requests) * 1000) / (performance.now() - began))
    requests = step
    const { totals } = await store.audit()
    if (totals.usd?.spent !== requests * PRICE || totals.usd.held !== 0)
      throw new Error(`${requests} requests came to ${JSON.stringify(totals.usd)}`)
    while (!/^db0:.*,expires=0,/m.test(await redis.info('keyspace')));
    const usedMemory = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
    const first = marks[0]?.usedMemory ?? usedMemory
    const grownBy = `${((usedMemory / first - 1) * 100).toFixed(1)} %`
    const mark = { requests, perSecond, usedMemory, grownBy }
    marks.push(mark)
    onMark?.(mark)
  }
  await engine.close()
  await redis.quit()
  return marks
}

/** Resolves once so many requests are served and captured. */
async function serve(engine: Stripe402, count: number): Promise<void> {
  const tag = engine.priceTag({ price: PRICE })
  let left = count
  async function client(index: number): Promise<void> {
    const headers = BARE_HEADERS[index % BARE_HEADERS.length] ?? {}
    const request = { method: 'GET', url: '/paid', header: (name: string) => headers[name] }
    let captured: Promise<unknown> | undefined
    while (left > 0) {
      left -= 1
      const authorization = await engine.authorize(request, tag)
      if (authorization.type !== 'granted') throw new Error(`a request was ${authorization.type}`)
      captured = authorization.grant.capture()
    }
    await captured
  }
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => client(index)))
}
