import type { Client } from './client.js'
import { originMemory } from './origin-memory.js'
import type { Spent } from './policy.js'
import { underWay } from './under-way.js'

/** The price of a request that is about to be sent. */
export interface Price {
  readonly origin: string
  readonly currency: string
  readonly units: number
}

/** Sets a price aside while its request is under way. Returns what gives it back, once. */
export function reserve(client: Client, { origin, currency, units }: Price): () => void {
  const { reserved } = underWay(client)
  const key = `${origin} ${currency}`
  const add = (more: number): void => void reserved.set(key, (reserved.get(key) ?? 0) + more)
  let held = units
  add(held)
  return () => {
    add(-held)
    held = 0
  }
}

/** What was spent, and what will have been once the requests under way are answered. */
export function committed(client: Client, { origin, currency }: Pick<Price, 'origin' | 'currency'>): Spent {
  const { today, inAll } = originMemory(client.store, origin).spent(currency)
  const units = underWay(client).reserved.get(`${origin} ${currency}`) ?? 0
  return { today: today + units, inAll: inAll + units }
}
