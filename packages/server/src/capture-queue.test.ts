import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { captureQueue } from './capture-queue.js'
import { deriveClientId } from './client-id.js'
import { systemRuntime } from './runtime.js'
import { MemoryStore } from './store/index.js'
import type { Capture, CaptureResult } from './store.js'

const clientId = deriveClientId('fp', '0123456789abcdef0123456789abcdef')

/** A store that only counts: what a capture does to an account is the contract suite's to prove. */
class CountingStore extends MemoryStore {
  readonly batches: number[] = []
  failures = 0
  override async capture(captures: readonly Capture[]): Promise<CaptureResult[]> {
    this.batches.push(captures.length)
    if (this.failures-- > 0) throw new Error('the store is down')
    return captures.map(({ units }) => ({ type: units === 13 ? 'expired' : 'captured' }))
  }
}

let store: CountingStore

beforeEach(() => {
  vi.useFakeTimers()
  store = new CountingStore()
})
afterEach(() => {
  vi.useRealTimers()
})

function captureOf(units: number): Capture {
  return { clientId, currency: 'usd', operationId: `operation ${units}`, runId: 'run', units }
}

describe('captureQueue', () => {
  it('writes what came within 10 ms at once', async () => {
    const queue = captureQueue(store, systemRuntime)
    const first = queue.add(captureOf(1))
    await vi.advanceTimersByTimeAsync(9)
    const second = queue.add(captureOf(2))
    expect(store.batches).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(await Promise.all([first, second])).toEqual([{ type: 'captured' }, { type: 'captured' }])
    expect(store.batches).toEqual([2])
  })

  it('does not wait for more than 64', async () => {
    const queue = captureQueue(store, systemRuntime)
    const all = Array.from({ length: 65 }, (_, index) => queue.add(captureOf(index)))
    expect(store.batches).toEqual([64])
    await vi.advanceTimersByTimeAsync(10)
    await Promise.all(all)
    expect(store.batches).toEqual([64, 1])
  })

  it('gives each capture its own result', async () => {
    const queue = captureQueue(store, systemRuntime)
    const results = Promise.all([queue.add(captureOf(1)), queue.add(captureOf(13)), queue.add(captureOf(2))])
    await queue.flush()
    expect((await results).map(({ type }) => type)).toEqual(['captured', 'expired', 'captured'])
  })

  it('tries a failed batch once more', async () => {
    const queue = captureQueue(store, systemRuntime)
    store.failures = 1
    const result = queue.add(captureOf(1))
    await queue.flush()
    expect(await result).toEqual({ type: 'captured' })
    expect(store.batches).toEqual([1, 1])
  })

  it('tells each of a batch that failed twice, and goes on with the next', async () => {
    const queue = captureQueue(store, systemRuntime)
    store.failures = 2
    const settled = Promise.allSettled([queue.add(captureOf(1)), queue.add(captureOf(2))])
    await queue.flush()
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const next = queue.add(captureOf(3))
    await queue.flush()
    expect(await next).toEqual({ type: 'captured' })
  })

  it('leaves nothing behind when it is flushed', async () => {
    const queue = captureQueue(store, systemRuntime)
    const added = queue.add(captureOf(1))
    await queue.flush()
    await added
    expect(vi.getTimerCount()).toBe(0)
    await queue.flush()
    expect(store.batches).toEqual([1])
  })

  it('takes nothing again where the answer comes late: the first capture may have been forgotten', async () => {
    const forgetful = new MemoryStore()
    const capture = forgetful.capture.bind(forgetful)
    forgetful.capture = async (captures) => {
      await capture(captures)
      await new Promise((resolve) => setTimeout(resolve, 20_000))
      return capture(captures)
    }
    const account = { clientId, currency: 'usd' }
    await forgetful.credit({ ...account, units: 500, paymentIntentId: 'pi_1', purchaseId: null })
    const hold = {
      ...captureOf(100),
      fingerprint: 'GET /',
      resource: 'GET /',
      holdMs: 60_000,
      rememberMs: 15_000,
    }
    await forgetful.hold(hold)
    const queue = captureQueue(forgetful, systemRuntime)
    const result = queue.add(captureOf(100), hold)
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await result).type).toBe('expired')
    expect(await forgetful.account(account)).toMatchObject({ available: 400, held: 0, spent: 100 })
  })
})
