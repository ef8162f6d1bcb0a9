import { performance } from 'node:perf_hooks'
import type { Connection } from './connection.js'

/** What a server did under full load. */
export interface Throughput {
  requests: number
  perSecond: number
}

/** Has every connection ask again as soon as it is answered, for `seconds`. */
export function fullLoad(
  connections: readonly Connection[],
  { path, seconds }: { path: string; seconds: number },
): Promise<Throughput> {
  const began = performance.now()
  const until = began + seconds * 1000
  let requests = 0
  let busy = connections.length
  return new Promise((resolve) => {
    for (const connection of connections) {
      const next = (): void => {
        requests += 1
        const now = performance.now()
        if (now < until) connection.ask(path, next)
        else if (--busy === 0) resolve({ requests, perSecond: (requests * 1000) / (now - began) })
      }
      connection.ask(path, next)
    }
  })
}
