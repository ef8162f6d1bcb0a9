import { isStripe402Error } from '@stripe402/core'
import { cardOnFilePayer } from '../agent/card-on-file-payer.js'
import { memoryStore } from '../client-store.js'
import { install } from '../install.js'
import { cards } from '../testing/cards.fixture.js'
import { wrapFetch } from '../wrap-fetch.js'
import type { WorkerReport, WorkerTask } from './in-worker.fixture.js'

/** The part of a test that runs in a worker, whose globals are its own. */
export async function runTask(task: WorkerTask, url: string): Promise<WorkerReport> {
  const own = globalThis.fetch
  const agent = cardOnFilePayer({ paymentMethodId: 'pm_good', budget: { usd: 50_000 } })
  const payer = task === 'install' ? agent : cards('pm_good')
  const options = { payer, store: memoryStore(), origins: [new URL(url).origin] }
  const undo = task === 'install' ? install(options) : () => {}
  const { status } = await (task === 'wrapFetch' ? wrapFetch(own, options) : globalThis.fetch)(url)
  undo()
  const isUndone = globalThis.fetch === own
  Object.defineProperty(globalThis, 'fetch', { value: own, writable: false, configurable: false })
  try {
    install(options)
    return { status, isUndone, frozen: 'installed' }
  } catch (error) {
    return { status, isUndone, frozen: isStripe402Error(error) ? error.code : String(error) }
  }
}
