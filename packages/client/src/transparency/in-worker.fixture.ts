/** What a worker reports about one call. */
export interface WorkerReport {
  status: number
  /** The code of what installing over a frozen `fetch` throws. */
  frozen: string
  /** Whether the worker's `fetch` is its own after everything was undone. */
  isUndone: boolean
}

/** What a worker does with the URL: calls it through `fetch` as it is, through `wrapFetch`, or after `install`. */
export type WorkerTask = 'native' | 'wrapFetch' | 'install'

/** Calls a URL in a new worker: a Web Worker in a page, a worker thread in Node. */
export function inWorker(task: WorkerTask, url: string): Promise<WorkerReport> {
  return typeof document === 'object' ? inWebWorker(task, url) : inThread(task, url)
}

function inWebWorker(task: WorkerTask, url: string): Promise<WorkerReport> {
  const worker = new Worker(new URL('./web-worker.fixture.ts', import.meta.url), { type: 'module' })
  return new Promise<WorkerReport>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage({ task, url })
  }).finally(() => worker.terminate())
}

async function inThread(task: WorkerTask, url: string): Promise<WorkerReport> {
  const { Worker: Thread } = await import('node:worker_threads')
  const work = new URL('./worker-task.fixture.ts', import.meta.url).href
  const code = `const { parentPort, workerData } = require('node:worker_threads')
    import('tsx/esm/api').then(async ({ register }) => {
      register()
      const { runTask } = await import(${JSON.stringify(work)})
      parentPort.postMessage(await runTask(workerData.task, workerData.url))
    })`
  const thread = new Thread(code, { eval: true, workerData: { task, url } })
  return new Promise<WorkerReport>((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
  }).finally(() => thread.terminate())
}
