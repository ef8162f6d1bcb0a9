import { isClientId } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStripe402, type Stripe402 } from './create-stripe402.js'
import { MemoryStore } from './store/index.js'

let engine: Stripe402 | undefined
let store: MemoryStore
let nowMs: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  nowMs = 1_000_000
  store = new MemoryStore({ clock: () => nowMs })
})
afterEach(async () => {
  await engine?.close()
  vi.useRealTimers()
})

function open(sweepEveryMs?: number): Stripe402 {
  engine = createStripe402({
    stripe: { secretKey: 'sk_test_local' },
    publishableKey: 'pk_test_local',
    secret: 'a secret of thirty-two bytes or more',
    store,
    ...(sweepEveryMs !== undefined && { sweepEveryMs }),
  })
  return engine
}

/** An account with a hold that has already run out. */
async function holdThatRanOut(): Promise<() => Promise<number>> {
  const clientId = 'a'.repeat(64)
  if (!isClientId(clientId)) throw new TypeError(clientId)
  const account = { clientId, currency: 'usd' }
  await store.credit({ ...account, units: 50_000, paymentIntentId: 'pi_1', purchaseId: null })
  await store.hold({
    ...account,
    operationId: 'one',
    runId: 'one',
    fingerprint: 'one',
    units: 500,
    resource: 'GET /',
    holdMs: 1,
    rememberMs: 1000,
  })
  nowMs += 10
  return async () => (await store.account(account)).held
}

describe('createStripe402, sweeping', () => {
  it('returns holds that ran out every fifteen seconds after the start', async () => {
    const held = await holdThatRanOut()
    await open().start()
    expect(await held()).toBe(500)
    vi.advanceTimersByTime(15_000)
    await vi.waitFor(async () => expect(await held()).toBe(0))
  })

  it('returns holds while the one before still waits for what became of a purchase', async () => {
    let answer: (() => void) | undefined
    vi.spyOn(store, 'due').mockImplementation(() => {
      return new Promise((resolve) => {
        answer = () => resolve([])
      })
    })
    await open().start()
    vi.advanceTimersByTime(15_000)
    await vi.waitFor(() => expect(answer).toBeDefined())
    const held = await holdThatRanOut()
    await vi.waitFor(async () => {
      vi.advanceTimersByTime(15_000)
      expect(await held()).toBe(0)
    })
    expect(store.due).toHaveBeenCalledTimes(1)
    answer?.()
  })

  it('begins although the store was down at the start, and starts it', async () => {
    const held = await holdThatRanOut()
    const start = vi.spyOn(store, 'start').mockRejectedValueOnce(new Error('the store is down'))
    await expect(open().start()).rejects.toThrow('the store is down')
    vi.advanceTimersByTime(15_000)
    await vi.waitFor(async () => expect(await held()).toBe(0))
    expect(start).toHaveBeenCalledTimes(2)
  })

  it('stops with close', async () => {
    const held = await holdThatRanOut()
    await open().start()
    await engine?.close()
    vi.advanceTimersByTime(600_000)
    expect(await held()).toBe(500)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves it to the seller when sweepEveryMs is 0', async () => {
    await open(0).start()
    expect(vi.getTimerCount()).toBe(0)
  })
})
