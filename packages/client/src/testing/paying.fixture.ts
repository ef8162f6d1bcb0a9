import type { ClientOptions } from '../client.js'
import { memoryStore } from '../client-store.js'
import { wrapFetch } from '../wrap-fetch.js'

/** `fetch` with a client of its own, that waits for nothing between two questions about a pending outcome. */
export function paying(options: ClientOptions, base: typeof fetch = fetch): typeof fetch {
  return wrapFetch(base, { store: memoryStore(), delay: async () => {}, ...options })
}

/** Several requests at once, by number of requests. */
export function together(count: number, send: (index: number) => Promise<Response>): Promise<Response[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => send(index)))
}
