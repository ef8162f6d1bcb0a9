import type { HoldRequest, HoldResult } from '../store.js'
import { checkHold } from './checked-input.js'

/** Answers many wishes, in their order. An error is the answer to its own wish; a rejection is one to all of them. */
export type HoldMany = (wishes: readonly HoldRequest[]) => Promise<readonly (HoldResult | Error)[]>

interface Waiting {
  wish: HoldRequest
  resolve(result: HoldResult): void
  reject(error: unknown): void
}

/** How wishes are sent. */
export interface HoldQueueOptions {
  /** Wishes that go out together at most. */
  most: number
  /** Round trips under way at most; what comes meanwhile goes out together after one of them. */
  atOnce?: number
}

/**
 * Checks what is wished for, and gathers it in one turn of the event loop, so that one round trip answers all of it. Nobody waits for
 * others to come: requests that a socket has brought by now are read before the check phase, where the wishes go out.
 */
export function holdQueue(
  holdMany: HoldMany,
  { most, atOnce = Number.POSITIVE_INFINITY }: HoldQueueOptions,
): (wish: HoldRequest) => Promise<HoldResult> {
  let waiting: Waiting[] = []
  let isDue = false
  let underWay = 0

  function sendLater(): void {
    if (isDue) return
    isDue = true
    setImmediate(send)
  }

  function send(): void {
    isDue = false
    while (waiting.length > 0 && underWay < atOnce) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      underWay += 1
      void answer(holdMany, batch).then(() => {
        underWay -= 1
        if (waiting.length > 0) send()
      })
    }
  }

  return (wish) =>
    new Promise((resolve, reject) => {
      // What it throws rejects this promise.
      waiting.push({ wish: checkHold(wish), resolve, reject })
      sendLater()
    })
}

async function answer(holdMany: HoldMany, batch: readonly Waiting[]): Promise<void> {
  try {
    const answers = await holdMany(batch.map(({ wish }) => wish))
    batch.forEach(({ resolve, reject }, index) => {
      const result = answers[index]
      if (result === undefined) reject(new RangeError('the store answered fewer holds than it was given'))
      else if (result instanceof Error) reject(result)
      else resolve(result)
    })
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
