import type { Runtime } from './runtime.js'
import type { Capture, CaptureResult, HoldRequest, Store } from './store.js'

const LONGEST_WAIT_MS = 10
const LARGEST_BATCH = 64
/**
 * An answer that takes longer may be one to a command that was sent twice: its first capture may be forgotten by now, and looks
 * like a hold that ran out. Shorter than any operation is remembered.
 */
const SURE_MS = 5000

/** Gathers captures so that a paid request waits for one round trip to the store only, its hold. */
export interface CaptureQueue {
  /** Resolves once this capture is in the store. `hold` is what to take again where it had run out. */
  add(capture: Capture, hold?: HoldRequest): Promise<CaptureResult>
  /** Resolves once no capture of an operation is waiting: whoever asks for it again then meets it in the store. */
  written(operationId: string): Promise<void>
  /** Writes what is waiting and resolves when every capture so far is in the store or has failed. */
  flush(): Promise<void>
}

interface Waiting {
  capture: Capture
  hold: HoldRequest | undefined
  resolve(result: CaptureResult): void
  reject(error: unknown): void
}

/** At most 10 ms or 64 captures go out together. A failed batch is tried once more: doing it twice is doing it once. */
export function captureQueue(store: Store, runtime: Pick<Runtime, 'after'>): CaptureQueue {
  let waiting: Waiting[] = []
  let stopWaiting: (() => void) | undefined
  const writing = new Map<Promise<void>, readonly Waiting[]>()

  function send(): void {
    stopWaiting?.()
    stopWaiting = undefined
    if (waiting.length === 0) return
    const batch = waiting
    waiting = []
    const written = write(store, runtime, batch).finally(() => writing.delete(written))
    writing.set(written, batch)
  }

  return {
    add(capture, hold) {
      return new Promise((resolve, reject) => {
        waiting.push({ capture, hold, resolve, reject })
        if (waiting.length >= LARGEST_BATCH) send()
        else stopWaiting ??= runtime.after(LONGEST_WAIT_MS, send)
      })
    },
    async written(operationId) {
      const isOf = ({ capture }: Waiting): boolean => capture.operationId === operationId
      if (waiting.some(isOf)) send()
      await Promise.all([...writing].filter(([, batch]) => batch.some(isOf)).map(([written]) => written))
    },
    async flush() {
      send()
      await Promise.all(writing.keys())
    },
  }
}

async function write(
  store: Store,
  runtime: Pick<Runtime, 'after'>,
  batch: readonly Waiting[],
): Promise<void> {
  const captures = batch.map((entry) => entry.capture)
  let isSure = true
  const stopTiming = runtime.after(SURE_MS, () => {
    isSure = false
  })
  try {
    const results = await store.capture(captures).catch(() => store.capture(captures))
    const late = batch.filter((entry, index) => {
      const result = results[index]
      if (result?.type === 'expired' && entry.hold && isSure) return true
      if (result) entry.resolve(result)
      else entry.reject(new RangeError('the store answered fewer captures than it was given'))
      return false
    })
    await Promise.all(late.map((entry) => takeAgain(store, entry)))
  } catch (error) {
    for (const entry of batch) entry.reject(error)
  } finally {
    stopTiming()
  }
}

/** Takes the units of a hold that had run out again, under the same operation, if they are there. */
async function takeAgain(store: Store, { capture, hold, resolve, reject }: Waiting): Promise<void> {
  if (!hold) return resolve({ type: 'expired' })
  try {
    // Who may spend was found out when it was held.
    const { type } = await store.hold({ ...hold, era: undefined })
    if (type === 'held') {
      const [result] = await store.capture([capture]).catch(() => store.capture([capture]))
      resolve(result ?? { type: 'expired' })
      // Somebody else has paid meanwhile: a run of the same request, or whoever opened the resource for a while.
    } else resolve({ type: type === 'admitted' ? 'already_captured' : 'expired' })
  } catch (error) {
    reject(error)
  }
}
