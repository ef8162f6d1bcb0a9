import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailableError } from '../store/index.js'
import type { AccountKey, Store } from '../store.js'
import { captureOne, holdOf } from '../testing/contract/subject.js'

/** Credits and spends of one unit each, over and over, by callers who ask again with the same ids when they must. */
export interface Load {
  /** What was acknowledged for each account, in units. */
  acknowledged: Map<AccountKey, { credited: number; spent: number }>
  /** How often a caller was told that the store is unavailable. */
  unavailable(): number
  /** Resolves once so many more rounds have been acknowledged. */
  rounds(count: number): Promise<void>
  /** Lets every caller end its round. */
  stop(): Promise<void>
}

const PAUSE_MS = 10

/** Begins a load with so many callers, who take the accounts in turn. Any other error than "unavailable" ends it. */
export function startLoad(store: Store, accounts: readonly AccountKey[], callers: number): Load {
  const acknowledged = new Map(accounts.map((key) => [key, { credited: 0, spent: 0 }]))
  let isStopping = false
  let unavailable = 0
  let done = 0

  async function insist<T>(act: () => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await act()
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error
        unavailable += 1
        await sleep(PAUSE_MS)
      }
  }

  async function call(first: number): Promise<void> {
    for (let turn = first; !isStopping; turn += 1) {
      const key = accounts[turn % accounts.length]
      const sums = key && acknowledged.get(key)
      assert(key && sums)
      const payment = { ...key, paymentIntentId: `pi_${randomUUID()}`, units: 1, purchaseId: null }
      await insist(() => store.credit(payment))
      sums.credited += 1
      const request = holdOf(key, { units: 1 })
      const { type } = await insist(() => store.hold(request))
      // A hold that its server forgot is not captured: the payer has the unit back.
      if (type === 'held' && (await insist(() => captureOne(store, request))) !== 'expired') sums.spent += 1
      done += 1
    }
  }

  const ended = Promise.all(Array.from({ length: callers }, (_, index) => call(index)))
  // Whoever waits for it hears of a failure; until then it is not an unhandled one.
  ended.catch(() => {})
  return {
    acknowledged,
    unavailable: () => unavailable,
    async rounds(count) {
      const enough = done + count
      const isEnough = async (): Promise<void> => {
        while (done < enough) await sleep(PAUSE_MS)
      }
      await Promise.race([isEnough(), ended.then(() => assert.fail('The load ended by itself.'))])
    },
    async stop() {
      isStopping = true
      await ended
    },
  }
}
