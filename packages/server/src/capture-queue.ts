import type { Runtime } from './runtime.js'
import type { Capture, CaptureResult, Store } from './store.js'

const LONGEST_WAIT_MS = 10
const LARGEST_BATCH = 64

/** Gathers captures so that a paid request waits for one round trip to the store only, its hold. */
export interface CaptureQueue {
  /** Resolves once this capture is in the store. */
  add(capture: Capture): Promise<CaptureResult>
  /** Writes what is waiting and resolves when every capture so far is in the store or has failed. */
  flush(): Promise<void>
}

interface Waiting {
  capture: Capture
  resolve(result: CaptureResult): void
  reject(error: unknown): void
}

/** At most 10 ms or 64 captures go out together. A failed batch is tried once more: doing it twice is doing it once. */
export function captureQueue(store: Store, runtime: Pick<Runtime, 'after'>): CaptureQueue {
  let waiting: Waiting[] = []
  let stopWaiting: (() => void) | undefined
  const writing = new Set<Promise<void>>()

  function send(): void {
    stopWaiting?.()
    stopWaiting = undefined
    if (waiting.length === 0) return
    const batch = waiting
    waiting = []
    const written = write(store, batch).finally(() => writing.delete(written))
    writing.add(written)
  }

  return {
    add(capture) {
      return new Promise((resolve, reject) => {
        waiting.push({ capture, resolve, reject })
        if (waiting.length >= LARGEST_BATCH) send()
        else stopWaiting ??= runtime.after(LONGEST_WAIT_MS, send)
      })
    },
    async flush() {
      send()
      await Promise.all(writing)
    },
  }
}

async function write(store: Store, batch: readonly Waiting[]): Promise<void> {
  const captures = batch.map((entry) => entry.capture)
  try {
    const results = await store.capture(captures).catch(() => store.capture(captures))
    batch.forEach((entry, index) => {
      const result = results[index]
      if (result) entry.resolve(result)
      else entry.reject(new RangeError('the store answered fewer captures than it was given'))
    })
  } catch (error) {
    for (const entry of batch) entry.reject(error)
  }
}
